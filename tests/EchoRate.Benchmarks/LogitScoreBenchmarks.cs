using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using EchoRate.Core.Scoring;

namespace EchoRate.Benchmarks;

/// <summary>
/// Scoring alone, row after row of an output buffer as a batch of a large vocabulary leaves it (too large for a core's own caches),
/// beside two sums over the same memory. One operation is one row.
/// </summary>
public class LogitScoreBenchmarks
{
    /// <summary>Entries of a row: about what Qwen3 has.</summary>
    public const int VocabSize = 150_000;

    /// <summary>Rows of the buffer: about a batch.</summary>
    public const int Rows = 256;

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
            // Normal, by Box and Muller; a deviation of 2.5 is a trained model's.
            _logits[i] = (float)(
                2.5
                * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                * Math.Cos(2 * Math.PI * random.NextDouble())
            );
        }
    }

    /// <summary>Everything that a row says about its token.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public double TryCompute()
    {
        var sum = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            sum += Score(row).Margin;
        }
        return sum;
    }

    /// <summary>The divergence from a reference: here the row before, whose logits are read as well.</summary>
    [Benchmark(OperationsPerInvoke = Rows)]
    public double Kld()
    {
        var sum = 0.0;
        var before = Score(Rows - 1).LogSumExp;
        for (var row = 0; row < Rows; row++)
        {
            // Near enough: the divergence normalizes again.
            sum += Divergence.Kld(Row((row + Rows - 1) % Rows), before, Row(row), before);
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

    private LogitScore Score(int row) =>
        LogitScore.TryCompute(Row(row), row * (VocabSize / Rows), out var score)
            ? score
            : throw new InvalidOperationException("A logit is not finite.");

    private ReadOnlySpan<float> Row(int row) => _logits.AsSpan(row * VocabSize, VocabSize);
}
