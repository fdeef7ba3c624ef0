using System.Text;
using System.Text.Unicode;
using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Probes;

/// <summary>Says how close what came back is to what went in; the first that fits, from the strictest down.</summary>
public static class EchoClassifier
{
    /// <summary>The class of an answer.</summary>
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
        if (AreEqualButForCaseAndSpace(input, output))
        {
            return EchoClass.CaseSpace;
        }
        return output.Length > input.Length && !input.IsEmpty && output.StartsWith(input)
            ? EchoClass.Extends
            : EchoClass.None;
    }

    // Bytes that are not UTF-8 have no case, and all blanks are not one word.
    private static bool AreEqualButForCaseAndSpace(
        ReadOnlySpan<byte> input,
        ReadOnlySpan<byte> output
    )
    {
        const int usual = 128;
        if (!Utf8.IsValid(input) || !Utf8.IsValid(output))
        {
            return false;
        }
        Span<char> a = input.Length <= usual ? stackalloc char[usual] : new char[input.Length];
        Span<char> b = output.Length <= usual ? stackalloc char[usual] : new char[output.Length];
        ReadOnlySpan<char> textA = a[..Encoding.UTF8.GetChars(input, a)];
        ReadOnlySpan<char> textB = b[..Encoding.UTF8.GetChars(output, b)];
        textA = textA.TrimStart(' ');
        return !textA.IsEmpty
            && textA.Equals(textB.TrimStart(' '), StringComparison.OrdinalIgnoreCase);
    }
}
