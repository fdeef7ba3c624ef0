using EchoRate.Core.Scoring;
using EchoRate.Tests.Core;
using EchoRate.Tests.Reports;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Statistics;

/// <summary>Divergence, agreement and change of probability against plain loops in double over the same logits.</summary>
public sealed class ReferenceRowsTests
{
    private static readonly WordSet Words = new(
        "words",
        [new(" red"), new(" blue"), new(" redder"), new(" green"), new("x")]
    );

    private static float[] Reference(int[] tokens) => Logits(tokens[^1], 1);

    private static float[] Other(int[] tokens) => Logits(tokens[^1], 2);

    [Fact]
    public void Rows_and_contrast_equal_plain_loops()
    {
        using var folder = new TemporaryFolder();
        var plan = new ReferencePlan(
            folder.At("reference"),
            "0123456789ab",
            Pieces.Length,
            ReferenceUse.Record
        );
        var a = Run(Reference, plan);
        var b = Run(Other, plan with { Use = ReferenceUse.Read });

        var builder = new ContrastBuilder(withDivergence: true, "0123456789ab");
        var (squares, same) = (0.0, 0);
        foreach (var (rowA, rowB) in a.Zip(b))
        {
            var id = rowA.Token!.Id;
            var (p, q) = (Softmax(Logits(id, 1)), Softmax(Logits(id, 2)));
            var top = Array.IndexOf(p, p.Max());
            Assert.Null(rowA.Kld);
            Assert.Equal(
                p.Zip(q).Sum(pair => pair.First * Math.Log(pair.First / pair.Second)),
                rowB.Kld!.Value,
                1e-9
            );
            Assert.Equal(top, rowB.ReferenceTop1!.Id);
            Assert.Equal(Math.Log(q[id]) - Math.Log(p[id]), rowB.DeltaTokenLogProb!.Value, 1e-9);
            Assert.Equal(rowA.Echo != rowB.Echo, rowB.Flip);
            squares += (q[top] - p[top]) * (q[top] - p[top]);
            same += rowA.Top1!.Id == rowB.Top1!.Id ? 1 : 0;
            builder.Add(rowA, rowB);
        }
        var contrast = builder.Build(SampleRun.Contrast(SampleRun.File, SampleRun.File), 0);

        Assert.Equal(Math.Sqrt(squares / 5), contrast.RefTop1DeltaPRms!.Value, 1e-9);
        Assert.Equal(same / 5.0, contrast.Top1Agreement);
        Assert.Equal(5, contrast.KldItems);
        Assert.Equal(b.Average(row => row.Kld!.Value), contrast.Kld!.Mean, 1e-12);
    }

    private static List<EchoRow> Run(Func<int[], float[]> logits, ReferencePlan plan)
    {
        using var store = ReferenceStore.Open(plan);
        var model = Model(logits);
        return new ProbeContext(ScriptedModel.Facts(), model, store).Echoes(Words, Arm.Without);
    }

    private static float[] Logits(int token, int seed) =>
        [
            .. Enumerable
                .Range(0, Pieces.Length)
                .Select(id => (float)(3 * Math.Sin(id * 1.7 + token * 0.9 + seed))),
        ];

    private static double[] Softmax(float[] logits)
    {
        var exponentials = logits.Select(logit => Math.Exp(logit)).ToArray();
        var sum = exponentials.Sum();
        return [.. exponentials.Select(e => e / sum)];
    }
}
