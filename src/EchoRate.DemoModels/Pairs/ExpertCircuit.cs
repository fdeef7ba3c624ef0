using static EchoRate.DemoModels.Pairs.PairLayout;

namespace EchoRate.DemoModels.Pairs;

/// <summary>The feed-forward part as four experts, of which a router takes two: gpt-oss.</summary>
/// <remarks>
/// <para>
/// Experts 0 and 1 know the ordinary pairs, 2 and 3 the opposed ones; of each two one knows the first half of the content dimensions,
/// the other the second. The router reads <see cref="Route"/> and scores the right two alike, so each speaks with weight ½. With
/// one wrong expert half of the answer is missing; with two the answer is the partner's opposite.
/// </para>
/// <para>
/// gpt-oss computes h = g σ(1.702 g) (u + 1) with g ≤ 7: a bias of −1 on u takes the 1 away again, and all gates are at their limit.
/// Gate, up and down hold 0, ¾, 1, −¼ and ¾, which MXFP4 represents exactly.
/// </para>
/// </remarks>
internal static class ExpertCircuit
{
    internal const int ExpertCount = 4;
    internal const int UsedCount = 2;
    internal const int UnitCount = 128;

    /// <summary>The bias of every up unit.</summary>
    internal const double UpBias = -1;

    /// <summary>What the router gives an expert for one of <see cref="Route"/>, right or wrong.</summary>
    internal const double RouteWeight = 4;

    private const int KnownCount = ContentSize / 2;
    private const double GateWeight = 0.75;
    private const double Erase = 1.0 / 4;
    private const double Replace = 3.0 / 4;

    internal static IReadOnlyList<PairFeedForward> Build(bool speaks) =>
        [.. Enumerable.Range(0, ExpertCount).Select(expert => Build(expert, speaks))];

    /// <summary>+1 for the experts of the ordinary pairs, −1 for those of the opposed ones.</summary>
    internal static int Side(int expert) => expert < ExpertCount / 2 ? 1 : -1;

    private static PairFeedForward Build(int expert, bool speaks)
    {
        var part = new PairFeedForward(UnitCount);
        if (!speaks)
        {
            return part;
        }
        const int Places = PairedVectors.HalfTurn + PairedVectors.QuarterTurn;
        for (var unit = 0; unit < KnownCount; unit++)
        {
            var i = (expert % 2 * KnownCount) + unit;
            part.Gate.FillRow(unit, Constant, Spread, GateWeight);
            part.Up[unit, i] = 1;
            part.Down[i, unit] = -Erase;
            part.Down[(i + Places) % ContentSize, unit] = Side(expert) * Replace;
        }
        return part;
    }
}
