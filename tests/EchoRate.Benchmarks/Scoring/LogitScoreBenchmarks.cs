using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using EchoRate.Core.Scoring;

namespace EchoRate.Benchmarks.Scoring;

/// <summary>
/// Scoring alone, row after row of an output buffer as a batch of a large vocabulary leaves it (too large for a core's own caches),
/// beside two sums over the same memory. One operation is one row.
/// </summary>
public class LogitScoreBenchmarks
{
    /// <summary>Entries of a row: about what Qwen3 has.</summary>
    public const int VocabSize = 150_000;

    /// <summary>Rows of the buffer.</summary>
    public const int Rows = 16;

    /// <summary>Bytes of a row.</summary>
    public const int RowBytes = VocabSize * sizeof(float);

    private float[] _logits = [];

    /// <summary>Fills the buffer with logits of a likely size, always the same.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(0);
        _logits = new float[Rows * VocabSize];
        for (var i = 0; i < _logits.Length; i++)
        {
            // Twelve uniform numbers would make a normal one; three are near enough, and cost a quarter.
            _logits[i] =
                8 * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
        }
    }

    /// <summary>Everything that a row says about its token.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public double TryCompute()
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            if (!LogitScore.TryCompute(Row(row), row * (VocabSize / Rows), out var score))
            {
                throw new InvalidOperationException("A logit is not finite.");
            }
            sum += score.Margin;
        }
        return sum;
    }

    /// <summary>A plain sum as memory allows it: vectors, several at a time.</summary>
    [Benchmark(OperationsPerInvoke = Rows, Baseline = true)]
    public double VectorSum()
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            sum += TensorPrimitives.Sum(Row(row));
        }
        return sum;
    }

    /// <summary>A plain sum as a loop: one number after another, each waiting for the last.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public double LoopSum()
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            foreach (var logit in Row(row))
            {
                sum += logit;
            }
        }
        return sum;
    }

    private ReadOnlySpan<float> Row(int row) => _logits.AsSpan(row * VocabSize, VocabSize);
}
