using System.Globalization;
using System.Text;

namespace EchoRate.Runs.Comparing;

/// <summary>What a reference's index begins with: whose rows they are, as a line of text padded with spaces.</summary>
internal static class ReferenceHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 64;

    private const int Layout = 1;

    public static byte[] Of(ReferencePlan plan) =>
        Encoding.ASCII.GetBytes(
            string.Create(
                    CultureInfo.InvariantCulture,
                    $"echorate reference {Layout} {plan.FileId} {plan.VocabularySize}"
                )
                .PadRight(Size - 1) + "\n"
        );

    /// <summary>Whether a file begins with the header of this reference.</summary>
    public static bool IsOf(string path, ReferencePlan plan)
    {
        if (!File.Exists(path))
        {
            return false;
        }
        using var stream = File.OpenRead(path);
        var bytes = new byte[Size];
        return stream.ReadAtLeast(bytes, Size, throwOnEndOfStream: false) == Size
            && bytes.AsSpan().SequenceEqual(Of(plan));
    }
}
