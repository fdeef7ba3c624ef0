using System.Numerics;
using System.Runtime.InteropServices;
using EchoRate.Core.Results;

namespace EchoRate.Core.Scoring;

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
/// <param name="Hash">FNV-1a over probe, set, arm and ids, prefix included.</param>
public readonly record struct RowInput(long Place, ulong Hash)
{
    /// <summary>The input of a row.</summary>
    public static RowInput Of(MeasuredRow row)
    {
        var hash = 14695981039346656037;
        foreach (var word in (ReadOnlySpan<string?>)[row.Probe, row.Set, row.Arm])
        {
            hash = Add(Add(hash, MemoryMarshal.Cast<char, ushort>(word)), [0]);
        }
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
