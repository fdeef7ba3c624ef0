using EchoRate.LLamaSharp.Exact;

namespace EchoRate.LLamaSharp.Tests.Exact;

/// <summary>Products of the exact backend's kernel against sums in double precision, and against themselves in registers of other widths.</summary>
public sealed unsafe class ExactKernelTests
{
    // Fewer rows and columns than a tile, a few more, terms that fill no lane, one lane and a bit, several parts.
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(4, 16, 3)]
    [InlineData(5, 31, 2)]
    [InlineData(7, 640, 40)]
    [InlineData(3, 1025, 4)]
    [InlineData(2, 4100, 7)]
    public void Sums_are_those_of_doubles_and_the_same_in_every_width(
        int rows,
        int terms,
        int columns
    )
    {
        var random = new Random(rows);
        var (weights, inputs) = (Values((rows + 3) * terms), Values(columns * terms));

        var sums = Multiply(ExactKernel.Width);

        Assert.Equal(sums, Multiply(16));
        Assert.Equal(sums, Multiply(8));
        Assert.Equal(sums, Multiply(4));
        for (var at = 0; at < sums.Length; at++)
        {
            var (column, row) = Math.DivRem(at, rows);
            var (sum, absolute) = (0.0, 0.0);
            for (var i = 0; i < terms; i++)
            {
                var product = (double)weights[(row * terms) + i] * inputs[(column * terms) + i];
                (sum, absolute) = (sum + product, absolute + Math.Abs(product));
            }
            Assert.InRange(sums[at], sum - (1e-6 * absolute), sum + (1e-6 * absolute));
        }

        float[] Values(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

        // Every sum has a neighbour that nothing may write.
        float[] Multiply(int width)
        {
            var output = new float[(rows * columns) + 1];
            output[^1] = float.NaN;
            fixed (
                float* w = weights,
                    x = inputs,
                    y = output
            )
            {
                var all = new ExactKernel.Column[columns];
                for (var i = 0; i < columns; i++)
                {
                    all[i] = new(x + (i * terms), y + (i * rows));
                }
                ExactKernel.Multiply(w, 0..rows, terms, all, width);
            }
            Assert.Equal(float.NaN, output[^1]);
            return output[..^1];
        }
    }

    [Fact]
    public void A_column_has_the_same_sums_alone_and_among_others()
    {
        const int rows = 10,
            terms = 1300,
            columns = 25;
        var random = new Random(0);
        float[] weights =
        [
            .. Enumerable.Range(0, (rows + 3) * terms).Select(_ => random.NextSingle()),
        ];
        float[] inputs = [.. Enumerable.Range(0, columns * terms).Select(_ => random.NextSingle())];
        var (together, alone) = (new float[rows * columns], new float[rows * columns]);
        fixed (
            float* w = weights,
                x = inputs,
                y = together,
                z = alone
        )
        {
            var all = new ExactKernel.Column[columns];
            for (var i = 0; i < columns; i++)
            {
                all[i] = new(x + (i * terms), y + (i * rows));
                ExactKernel.Multiply(
                    w,
                    0..rows,
                    terms,
                    [new(x + (i * terms), z + (i * rows))],
                    ExactKernel.Width
                );
            }
            ExactKernel.Multiply(w, 0..rows, terms, all, ExactKernel.Width);
        }
        Assert.Equal(alone, together);
    }
}
