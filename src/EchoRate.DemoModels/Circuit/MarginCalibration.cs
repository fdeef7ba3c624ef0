using EchoRate.DemoModels.Weights;
using static EchoRate.DemoModels.Circuit.ResidualLayout;

namespace EchoRate.DemoModels.Circuit;

/// <summary>Finds how loud a table entry must be for its rival to lead by a wanted margin when the token stands alone.</summary>
/// <remarks>
/// A lone token attends to itself with weight 1, whatever queries and keys are, so the way from embedding to logits is short
/// enough to be walked here in double with the rounded weights: x = gain · E_t; y = x + O V norm(x);
/// f = y + Σ down_u φ(gate_u · norm(y)) (up_u · norm(y)); logit_v = E_v · (w norm(f)). With the entry's own share as
/// unknown, f = base + c d, the margin (E_rival − E_target) · (w norm(base + c d)) falls as c grows; it is halved in on.
/// Only units that are open at all are walked: eraser, default, and the token's own entries.
/// </remarks>
internal sealed class MarginCalibration(CircuitPlan plan, OneLayerCircuit circuit)
{
    private const int SharedUnitCount = ContentSize + 1;
    private const double MaxShare = 16;

    private readonly Dictionary<int, List<int>> _unitsOfToken = [];
    private readonly Dictionary<int, double[]> _lone = [];

    /// <summary>Remembers a finished unit, so that later entries of the same token reckon with it.</summary>
    internal void Note(int unit, TableEntry entry)
    {
        if (!_unitsOfToken.TryGetValue(entry.Token, out var units))
        {
            _unitsOfToken[entry.Token] = units = [];
        }
        units.Add(unit);
    }

    /// <summary>The factor with which <paramref name="direction"/> goes into the unit's down column.</summary>
    internal double Loudness(int unit, TableEntry entry, double[] direction)
    {
        var y = Lone(entry.Token).ToArray();
        if (entry.Speaks == Speaks.AfterBos)
        {
            y.AsSpan(Flag, Spread).Fill(FlagValue);
        }
        var z = Vectors.Scaled(y, 1);
        var share = entry.Rival is { } rival
            ? Share(Final(entry.Token, y, z), direction, Difference(rival, entry), entry.Margin)
            : entry.Strength;
        return share / Voice(unit, z);
    }

    /// <summary>The residual stream behind attention where <paramref name="token"/> stands alone without BOS.</summary>
    internal ReadOnlySpan<double> Lone(int token)
    {
        if (_lone.TryGetValue(token, out var known))
        {
            return known;
        }
        var y = new double[Size];
        Vectors.Add(y, plan.EmbeddingGain, circuit.Embedding.Row(token));
        var value = circuit.Value.Times(Vectors.Scaled(y, 1));
        Vectors.Add(y, 1, circuit.AttentionOutput.Times(value));
        _lone.Add(token, y);
        return y;
    }

    private double[] Final(int token, double[] y, double[] z)
    {
        var final = y.ToArray();
        foreach (var unit in OpenUnits(token))
        {
            Vectors.Add(final, Voice(unit, z), circuit.Down.Column(unit));
        }
        return final;
    }

    // The head's rows of rival and target, one less the other, behind the final norm's weights.
    private double[] Difference(int rival, TableEntry entry)
    {
        var difference = new double[Size];
        Vectors.Add(difference, 1, circuit.Embedding.Row(rival));
        Vectors.Add(difference, -1, circuit.Embedding.Row(entry.Target));
        for (var i = 0; i < Size; i++)
        {
            difference[i] *= circuit.OutputNorm[i];
        }
        return difference;
    }

    private IEnumerable<int> OpenUnits(int token) =>
        Enumerable
            .Range(0, SharedUnitCount)
            .Concat(_unitsOfToken.TryGetValue(token, out var units) ? units : []);

    private double Voice(int unit, double[] z) =>
        plan.Activation(Vectors.Dot(circuit.Gate.Row(unit), z))
        * Vectors.Dot(circuit.Up.Row(unit), z);

    private static double Share(
        double[] start,
        double[] direction,
        double[] difference,
        double margin
    )
    {
        double low = 0,
            high = MaxShare;
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            var final = start.ToArray();
            Vectors.Add(final, middle, direction);
            var lead = Vectors.Dot(difference, Vectors.Scaled(final, 1));
            (low, high) = lead > margin ? (middle, high) : (low, middle);
        }
        return low;
    }
}
