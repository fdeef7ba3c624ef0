using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EchoRate.Core.Scoring;

/// <summary>
/// Goes once over a row of logits, block by block, and keeps Σ e^d and Σ e^d·d with d = logit − <see cref="Pivot"/>, the largest logit, its
/// place, and how many logits reach a given one. A large vocabulary's row is megabytes: it is read from memory once.
/// </summary>
/// <remarks>
/// Logits within 3 of the largest so far, which carry most of the sums, go through double precision, and with them what is rare: more than 80
/// below, infinite, NaN. Of the others each exponential is a float with an error of either sign, added up in double. In all the
/// logarithm of the sum is off by less than 5e-8 nats (tests hold it against plain loops in double). Blocks and lanes are of one size on
/// every processor, so a row gives the same digits wherever the fused multiply-add is.
/// </remarks>
internal struct LogitSweep
{
    // Floats side by side. Where a processor has no registers of 512 bits, .NET takes two of 256, and the digits are the same.
    private const int Lanes = 16;

    // Of floats: small enough for the fastest cache.
    private const int BlockSize = 2048;

    // Floats whose sums are added up in float, 32 in each lane, before they join the sums in double.
    private const nuint FloatRun = 32 * Lanes;

    // From there down to the least power that the exponential takes, floats will do.
    private const float Near = -3;

    private readonly float _own;
    private Vector256<float> _unfinite;
    private int _place;

    public LogitSweep(float first, float own)
    {
        Pivot = first;
        _own = own;
    }

    public float Pivot { get; private set; }

    public double Sum { get; private set; }

    public double Weighted { get; private set; }

    /// <summary>Where the block begins that the largest logit first stood in; 0 where nothing exceeded the first guess.</summary>
    public int BestBlock { get; private set; }

    /// <summary>How many logits are at least as large as the given one.</summary>
    public int Reaching { get; private set; }

    /// <summary>Whether no logit was NaN or infinite.</summary>
    public readonly bool IsFinite => Vector256.EqualsAll(_unfinite, Vector256<float>.Zero);

    public void Add(ReadOnlySpan<float> logits, int without)
    {
        Span<float> near = stackalloc float[BlockSize];
        for (var start = 0; start < logits.Length; start += BlockSize)
        {
            var block = logits.Slice(start, Math.Min(BlockSize, logits.Length - start));
            _place = start;
            if ((uint)(without - start) < (uint)block.Length)
            {
                AddBlockWithout(block, without - start, near);
            }
            else
            {
                AddBlock(block, near);
            }
        }
    }

    public readonly int FindBest(ReadOnlySpan<float> logits, int without)
    {
        for (var id = BestBlock; id < logits.Length; id++)
        {
            if (logits[id] == Pivot && id != without)
            {
                return id;
            }
        }
        return -1;
    }

    // What is left out stands in a copy as the least of all numbers: its exponential is nothing, and it reaches nobody.
    private void AddBlockWithout(ReadOnlySpan<float> block, int without, Span<float> near)
    {
        Span<float> copy = stackalloc float[BlockSize];
        block.CopyTo(copy);
        copy[without] = float.MinValue;
        AddBlock(copy[..block.Length], near);
        if (_own == float.MinValue)
        {
            Reaching--;
        }
    }

    private void AddBlock(ReadOnlySpan<float> block, Span<float> near)
    {
        var whole = block.Length / Lanes * Lanes;
        var held = AddFar(block[..whole], near);
        if (whole < block.Length)
        {
            held += HoldRest(block[whole..], near[held..]);
        }
        if (held > 0)
        {
            AddNear(near[..held]);
        }
    }

    // Lanes by lanes; where any is not what floats will do for, all are put aside. Compiled with all optimizations at once: code that is made better while it
    // runs costs the first batches of a run a third of a second.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int AddFar(ReadOnlySpan<float> block, Span<float> near)
    {
        var (pivot, own) = (Vector512.Create(Pivot), Vector512.Create(_own));
        // Bits of negative floats, as whole numbers, grow as the float falls: from Near down they are a range, and nothing else is in it, NaN and infinity
        // neither. Moved to the bottom of all whole numbers it takes one comparison to tell.
        var toLowest = Vector512.Create(int.MinValue - BitConverter.SingleToInt32Bits(Near));
        var highest =
            Vector512.Create(BitConverter.SingleToInt32Bits(Exponential.LeastSingle)) + toLowest;
        var reaching = Vector512<int>.Zero;
        var (sum, weighted) = (Vector512<double>.Zero, Vector512<double>.Zero);
        ref var first = ref MemoryMarshal.GetReference(block);
        ref var aside = ref MemoryMarshal.GetReference(near);
        nuint held = 0;
        for (nuint start = 0; start < (nuint)block.Length; start += FloatRun)
        {
            var (floatSum, floatWeighted) = (Vector512<float>.Zero, Vector512<float>.Zero);
            var end = Math.Min(start + FloatRun, (nuint)block.Length);
            for (var at = start; at < end; at += Lanes)
            {
                var logits = Vector512.LoadUnsafe(ref first, at);
                // A comparison that holds is −1.
                reaching -= Vector512.GreaterThanOrEqual(logits, own).AsInt32();
                var d = logits - pivot;
                if (Vector512.GreaterThanAny(d.AsInt32() + toLowest, highest))
                {
                    logits.StoreUnsafe(ref aside, held);
                    held += Lanes;
                    continue;
                }
                var e = Exponential.Of(d);
                floatSum += e;
                floatWeighted = Vector512.FusedMultiplyAdd(e, d, floatWeighted);
            }
            sum += Widened(floatSum);
            weighted += Widened(floatWeighted);
        }
        Reaching += Vector512.Sum(reaching);
        Sum += Vector512.Sum(sum);
        Weighted += Vector512.Sum(weighted);
        return (int)held;
    }

    // Fewer than all lanes hold, at the row's end.
    private int HoldRest(ReadOnlySpan<float> rest, Span<float> near)
    {
        near = near[..Lanes];
        near.Fill(float.MinValue);
        rest.CopyTo(near);
        foreach (var logit in rest)
        {
            Reaching += logit >= _own ? 1 : 0;
        }
        return near.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddNear(ReadOnlySpan<float> near)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(near);
        var largest = Vector256.Create(Pivot);
        foreach (var logits in vectors)
        {
            largest = Vector256.MaxNative(logits, largest);
            _unfinite |= logits - logits;
        }
        Raise(Largest(largest));

        var pivot = Vector512.Create((double)Pivot);
        var least = Vector512.Create(Exponential.LeastDouble);
        var (sum, weighted) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var logits in vectors)
        {
            var d = Vector512.WidenLower(logits.ToVector512Unsafe()) - pivot;
            d = Vector512.MaxNative(d, least);
            var e = Exponential.Of(d);
            sum += e.GetLower() + e.GetUpper();
            weighted = Vector256.FusedMultiplyAdd(e.GetLower(), d.GetLower(), weighted);
            weighted = Vector256.FusedMultiplyAdd(e.GetUpper(), d.GetUpper(), weighted);
        }
        Sum += Vector256.Sum(sum);
        Weighted += Vector256.Sum(weighted);
    }

    // Sums about the old pivot become sums about the new one: e^(d + s) = e^s · e^d.
    private void Raise(float pivot)
    {
        if (!(pivot > Pivot))
        {
            return;
        }
        var shift = (double)Pivot - pivot;
        var scale = Math.Exp(shift);
        Weighted = scale * (Weighted + shift * Sum);
        Sum *= scale;
        (Pivot, BestBlock) = (pivot, _place);
    }

    // In double, each of the first eight lanes added to the one eight further on.
    private static Vector512<double> Widened(Vector512<float> values)
    {
        var (low, high) = Vector512.Widen(values);
        return low + high;
    }

    private static float Largest(Vector256<float> lanes)
    {
        var largest = lanes[0];
        for (var lane = 1; lane < Vector256<float>.Count; lane++)
        {
            largest = MathF.Max(largest, lanes[lane]);
        }
        return largest;
    }
}
