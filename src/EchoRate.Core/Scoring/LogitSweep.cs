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
    // Of floats: small enough for the fastest cache.
    private const int BlockSize = 2048;

    // Floats whose sums are added up in float, 32 in each lane, before they join the sums in double.
    private const nuint FloatRun = 32 * Lanes.Count;

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
        if (Vector512.IsHardwareAccelerated)
        {
            Add<WideLanes>(logits, without);
        }
        else
        {
            Add<PairedLanes>(logits, without);
        }
    }

    /// <summary>Sweeps a row with lanes of one kind: all kinds give the same digits.</summary>
    internal void Add<T>(ReadOnlySpan<float> logits, int without)
        where T : struct, ILanes<T>
    {
        Span<float> near = stackalloc float[BlockSize];
        for (var start = 0; start < logits.Length; start += BlockSize)
        {
            var block = logits.Slice(start, Math.Min(BlockSize, logits.Length - start));
            _place = start;
            if ((uint)(without - start) < (uint)block.Length)
            {
                AddBlockWithout<T>(block, without - start, near);
            }
            else
            {
                AddBlock<T>(block, near);
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
    private void AddBlockWithout<T>(ReadOnlySpan<float> block, int without, Span<float> near)
        where T : struct, ILanes<T>
    {
        Span<float> copy = stackalloc float[BlockSize];
        block.CopyTo(copy);
        copy[without] = float.MinValue;
        AddBlock<T>(copy[..block.Length], near);
        if (_own == float.MinValue)
        {
            Reaching--;
        }
    }

    private void AddBlock<T>(ReadOnlySpan<float> block, Span<float> near)
        where T : struct, ILanes<T>
    {
        var whole = block.Length / Lanes.Count * Lanes.Count;
        var held = AddFar<T>(block[..whole], near);
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
    private int AddFar<T>(ReadOnlySpan<float> block, Span<float> near)
        where T : struct, ILanes<T>
    {
        var (pivot, own, reaching) = (T.Create(Pivot), T.Create(_own), T.Create(0));
        var (sum, weighted) = (Vector512<double>.Zero, Vector512<double>.Zero);
        ref var first = ref MemoryMarshal.GetReference(block);
        ref var aside = ref MemoryMarshal.GetReference(near);
        nuint held = 0;
        for (nuint start = 0; start < (nuint)block.Length; start += FloatRun)
        {
            var (floatSum, floatWeighted) = (T.Create(0), T.Create(0));
            var end = Math.Min(start + FloatRun, (nuint)block.Length);
            for (var at = start; at < end; at += Lanes.Count)
            {
                var logits = T.Load(ref first, at);
                reaching = T.Count(reaching, logits, own);
                var d = logits - pivot;
                if (T.AnyOutside(d, Exponential.LeastSingle, Near))
                {
                    T.Store(logits, ref aside, held);
                    held += Lanes.Count;
                    continue;
                }
                var e = Exponential.Of(d);
                floatSum += e;
                floatWeighted = T.FusedMultiplyAdd(e, d, floatWeighted);
            }
            sum += T.Widened(floatSum);
            weighted += T.Widened(floatWeighted);
        }
        Reaching += T.SumOfCounts(reaching);
        Sum += Vector512.Sum(sum);
        Weighted += Vector512.Sum(weighted);
        return (int)held;
    }

    // Fewer than all lanes hold, at the row's end.
    private int HoldRest(ReadOnlySpan<float> rest, Span<float> near)
    {
        near = near[..Lanes.Count];
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

        var pivot = Vector256.Create((double)Pivot);
        var least = Vector256.Create(Exponential.LeastDouble);
        var (sum, weighted) = (Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var logits in vectors)
        {
            var (low, high) = Vector256.Widen(logits);
            low = Vector256.MaxNative(low - pivot, least);
            high = Vector256.MaxNative(high - pivot, least);
            var (e, f) = (Exponential.Of(low), Exponential.Of(high));
            sum += e + f;
            weighted = Vector256.FusedMultiplyAdd(e, low, weighted);
            weighted = Vector256.FusedMultiplyAdd(f, high, weighted);
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
