using System.Text;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>Says how close what came back is to what went in; the first that fits, from the strictest down.</summary>
public static class EchoClassifier
{
    /// <summary>The class of an answer.</summary>
    /// <param name="token">What went in.</param>
    /// <param name="top1">What came back.</param>
    public static EchoClass Classify(TokenBytes token, TokenBytes top1)
    {
        if (token.Id == top1.Id)
        {
            return EchoClass.Exact;
        }
        ReadOnlySpan<byte> input = token.Bytes;
        ReadOnlySpan<byte> output = top1.Bytes;
        if (input.SequenceEqual(output))
        {
            return EchoClass.SameBytes;
        }
        if (Fold(token.Bytes) is { } folded && folded == Fold(top1.Bytes))
        {
            return EchoClass.CaseSpace;
        }
        return output.Length > input.Length && !input.IsEmpty && output.StartsWith(input)
            ? EchoClass.Extends
            : EchoClass.None;
    }

    // Null for bytes that are not UTF-8, and for nothing but spaces: half a character has no case, and all blanks are not one word.
    private static string? Fold(byte[] bytes)
    {
        try
        {
            var text = StrictUtf8.GetString(bytes).TrimStart(' ');
            return text.Length == 0 ? null : text.ToUpperInvariant();
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
}
