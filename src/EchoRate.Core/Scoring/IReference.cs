using System.Numerics;
using System.Runtime.InteropServices;
using EchoRate.Core.Results;

namespace EchoRate.Core.Scoring;

/// <summary>
/// The file that the others of its ladder are held against. While it is measured itself it takes note of its rows; afterwards it gives
/// them back. Rows are known by their place in the file's rows, and by what went in.
/// </summary>
public interface IReference
{
    /// <summary>The file (12 hex digits of its SHA-256).</summary>
    string FileId { get; }

    /// <summary>Whether the reference itself is being measured.</summary>
    bool IsRecording { get; }

    /// <summary>Whether the row that is measured is the truth, and this what it is approximated by: KL(row ‖ reference) instead of KL(reference ‖ row).</summary>
    bool IsApproximation => false;

    /// <summary>Takes note of a row. Called while recording.</summary>
    /// <param name="place">The row's place, 0-based.</param>
    /// <param name="row">What the row says.</param>
    /// <param name="logits">(n_vocab,), kept as they came; empty for a row whose divergence is not computed.</param>
    void Record(long place, ReferenceRow row, ReadOnlySpan<float> logits);

    /// <summary>What the reference said with the same input, else in the row of that place. Called after recording, possibly for several rows at once.</summary>
    /// <param name="input">The row's place and input.</param>
    /// <param name="logits">(n_vocab,): receives the row's logits, where they were kept.</param>
    /// <param name="row">What the row says.</param>
    /// <param name="hasLogits">Whether they were.</param>
    /// <returns>False where the reference did not measure the row.</returns>
    bool TryGet(RowInput input, Span<float> logits, out ReferenceRow row, out bool hasLogits);
}

/// <summary>What the reference said in one row, beside its logits.</summary>
/// <param name="Top1">The most likely token.</param>
/// <param name="LogSumExp">Logarithm of the sum of exp(logit).</param>
/// <param name="Top1LogProb">Log-probability of the most likely token, in nats.</param>
/// <param name="TokenLogProb">Log-probability of the scored token, in nats; null where none was.</param>
/// <param name="Hit">Whether the scored token was on top; null where none was scored.</param>
public readonly record struct ReferenceRow(
    int Top1,
    double LogSumExp,
    double Top1LogProb,
    double? TokenLogProb,
    bool? Hit
)
{
    /// <summary>The hash of the ids that went in (<see cref="RowInput.Hash"/>).</summary>
    public ulong Input { get; init; }
}

/// <summary>A row's place, and what went in: only rows that got the same ids are held against each other.</summary>
/// <param name="Place">The row's place, 0-based. A file may have fewer neutral prefixes than the reference, and then other places.</param>
/// <param name="Hash">FNV-1a over set, arm and ids, prefix included.</param>
public readonly record struct RowInput(long Place, ulong Hash)
{
    /// <summary>The input of a row.</summary>
    public static RowInput Of(MeasuredRow row)
    {
        var hash = Add(14695981039346656037, MemoryMarshal.Cast<char, ushort>(row.Set));
        hash = Add(Add(hash, [0]), MemoryMarshal.Cast<char, ushort>(row.Arm));
        return new(row.Place, Add<int>(hash, row.InputIds));
    }

    private static ulong Add<T>(ulong hash, ReadOnlySpan<T> values)
        where T : IBinaryInteger<T>
    {
        foreach (var value in values)
        {
            hash = unchecked((hash ^ ulong.CreateTruncating(value)) * 1099511628211);
        }
        return hash;
    }
}
