using System.Text;
using EchoRate.Cli.Errors;

namespace EchoRate.Cli.Terminal;

/// <summary>The one door to stdout and stderr: control characters from outside do not pass it, and it knows what to do where the stream is of no use.</summary>
/// <param name="stream">The stream; null where the program was started without it.</param>
/// <param name="isEssential">Whether what cannot be written ends the command (data), or is dropped (words, progress).</param>
/// <param name="passed">How text passes: as it is, or escaped.</param>
internal sealed class TerminalWriter(
    TextWriter? stream,
    bool isEssential,
    Func<string, string> passed
) : TextWriter
{
    public override Encoding Encoding => stream?.Encoding ?? Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) =>
        Write(new string(buffer, index, count));

    public override void WriteLine(string? value) => Write(value + CoreNewLine.AsSpan().ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Try(to => to.Write(passed(value)));
        }
    }

    public override void Flush() => Try(to => to.Flush());

    private void Try(Action<TextWriter> write)
    {
        var why = "it is closed";
        try
        {
            if (stream is not null)
            {
                write(stream);
                return;
            }
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // .NET says "Access to the path is denied" of a descriptor that is not open for writing.
            why = e is IOException ? e.Message.TrimEnd('.') : why;
        }
        if (isEssential)
        {
            throw new OutputException($"stdout cannot be written: {why}");
        }
    }
}
