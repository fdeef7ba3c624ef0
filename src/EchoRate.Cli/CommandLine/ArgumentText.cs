using System.Text;
using EchoRate.Cli.Errors;

namespace EchoRate.Cli.CommandLine;

/// <summary>A text that stands on the command line.</summary>
internal static class ArgumentText
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Its bytes, UTF-8. The refusal says how else a text that holds U+FFFD can be given.</summary>
    /// <exception cref="UsageException">The text is none.</exception>
    public static byte[] Read(string name, string text, string otherwise)
    {
        // The system puts U+FFFD where a command line is not UTF-8, and nobody can tell afterwards.
        if (text.Contains('\uFFFD'))
        {
            throw new UsageException($"{name}: not valid UTF-8, or it holds U+FFFD; {otherwise}");
        }
        try
        {
            return _strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new UsageException($"{name}: half a surrogate pair is no text");
        }
    }
}
