using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// Proves that a cut is one: [N, X] whose X may not attend to N in any layer must answer as [X] does, for a lone token's position does not matter. Each
/// token that ends an input of the set is tried, behind what begins it.
/// </summary>
internal static class CutProof
{
    /// <summary>
    /// Largest difference, in nats; as wide as a near tie. In both kinds of arithmetic: both batches are of one width, and what is cut adds zeros, so on
    /// the CPU the difference is none or in the last digits.
    /// </summary>
    public const double Tolerance = 0.05;

    /// <exception cref="EngineException">It is not.</exception>
    public static void Check(IModelSession session, List<CutRow> fed, LookBatch batch)
    {
        (int First, int Last)[] pairs =
        [
            .. fed.Select(row => (row.InputIds![0], row.InputIds[^1])).Distinct(),
        ];
        var width = BatchPlan.Width(pairs.Length, session.SequenceCount);
        foreach (var chunk in pairs.Chunk(Math.Max(1, width)))
        {
            batch.Decode([.. chunk.Select(pair => new CutInput([pair.Last], null))], width, false);
            var alone = Scores();
            batch.Decode(
                [
                    .. chunk.Select(pair => new CutInput(
                        [pair.First, pair.Last],
                        new AttentionCut(CutKind.All)
                    )),
                ],
                width,
                true
            );
            var worst = Scores().Zip(alone, Difference).Max();
            if (worst > Tolerance)
            {
                throw new EngineException(
                    $"the cut does not hold here: a token that is kept from the one before it in every layer answers otherwise than alone (by up to {worst:G3} nat, {Tolerance} are allowed), so no figure is given; a model that adds learned positions to its embedding cannot be cut like this"
                );
            }

            // What is not finite answers nothing, here and there.
            LogitScore?[] Scores() =>
                [
                    .. chunk.Select(
                        (pair, slot) =>
                            LogitScore.TryCompute(session.Logits(slot), pair.Last, out var score)
                                ? score
                                : (LogitScore?)null
                    ),
                ];
        }
        batch.Forget();
    }

    // What a row tells.
    private static double Difference(LogitScore? cut, LogitScore? alone) =>
        (cut, alone) switch
        {
            ({ } a, { } b) => new[]
            {
                a.TokenLogProb - b.TokenLogProb,
                a.Top1LogProb - b.Top1LogProb,
                a.Margin - b.Margin,
            }.Max(Math.Abs),
            _ => 0,
        };
}
