using EchoRate.DemoModels.Weights;
using static EchoRate.DemoModels.Circuit.ResidualLayout;

namespace EchoRate.DemoModels.Circuit;

/// <summary>Builds the weights of a one-layer transformer whose answers are known beforehand.</summary>
/// <remarks>
/// <para>
/// <b>Embedding.</b> Token t is a random vector e_t of mean square 1 over n = 224 content dimensions, redrawn until its
/// cosine with every other is at most 0.25, beside a few reserved dimensions (<see cref="ResidualLayout"/>). The head is tied: fed
/// through unchanged, e_t gives its own token the logit n and no other more than n/4. <i>A layer that does nothing echoes.</i>
/// </para>
/// <para>
/// <b>Attention</b> (heads of 64; what must not depend on position sits in RoPE's slowest pairs):
/// head 0 asks, whatever the token, for the BOS dimension, and its value there raises the flag. Without BOS all values are 0.
/// Head 1, only at the asking token (' to'), looks at names and notes each one's share among the names mentioned. Heads 2
/// and 3 ask for nothing, so they average the context through a random projection P and give ε Pᵀ P of it back: a lone
/// token thereby hears itself louder, through weights that a quantizer rounds.
/// </para>
/// <para>
/// <b>Feed-forward</b>, h = φ(gate · z) (up · z), φ nearly the identity above 4 and nearly 0 below −4.
/// <i>Eraser</i>: for each content dimension a unit whose gate is the flag and whose down column takes that dimension away: behind
/// BOS a token forgets itself. <i>Default</i>: the same gate, and a fixed next token. <i>Names</i>: gate "share, if
/// asked and behind BOS", up "0.55 − share": of John, Mary, John it votes for Mary and against John. <i>Table</i>: one unit per
/// entry, gate k (cos(e_t, z) − 0.5), open for its own token alone; the up row asks for the flag, its absence, or neither;
/// the down column is the target's e.
/// </para>
/// <para>
/// <b>Margins.</b> An entry with a rival gets the loudness at which the rival leads by just the wanted margin when the token
/// stands alone (<see cref="MarginCalibration"/>). The up rows hold <see cref="CircuitPlan.Clutter"/> beside their useful part, orthogonal to
/// what they look for: F16 does not notice, four bits do. So coarser files move the margins, and the narrow ones change sign.
/// </para>
/// </remarks>
internal sealed partial class CircuitBuilder
{
    private const double MaxCosine = 0.25;

    private readonly CircuitPlan _plan;
    private readonly SeededGenerator _random;
    private readonly OneLayerCircuit _circuit;

    private CircuitBuilder(CircuitPlan plan)
    {
        _plan = plan;
        _random = new SeededGenerator(plan.Seed);
        _circuit = new OneLayerCircuit(
            plan.Vocabulary.Tokens.Length,
            FirstTableUnit + RoundedUp(plan.Table.Count)
        );
    }

    internal static OneLayerCircuit Build(CircuitPlan plan)
    {
        var builder = new CircuitBuilder(plan);
        builder.SetEmbedding();
        builder.SetOutputNorm();
        if (plan.HeedsBos)
        {
            builder.SetBosHead();
        }
        builder.SetNameHead();
        builder.SetAveragingHeads();
        builder.SetEraser();
        builder.SetDefault();
        builder.SetNames();
        builder.SetTable();
        return builder._circuit;
    }

    private void SetEmbedding()
    {
        var rows = new List<double[]>();
        while (rows.Count < _circuit.Embedding.RowCount)
        {
            var row = Vectors.Scaled(_random.NextNormals(ContentSize), 1);
            if (
                rows.TrueForAll(other =>
                    Math.Abs(Vectors.Dot(row, other)) <= MaxCosine * ContentSize
                )
            )
            {
                rows.Add(row);
            }
        }
        var embedding = _circuit.Embedding;
        for (var token = 0; token < rows.Count; token++)
        {
            embedding.SetRow(token, 0, 1 / _plan.EmbeddingGain, rows[token]);
            embedding.FillRow(token, Constant, Spread, ConstantValue / _plan.EmbeddingGain);
        }
        embedding[_plan.Vocabulary.BosId, Bos] = BosValue / _plan.EmbeddingGain;
        embedding[_plan.AskingToken, Asking] = AskingValue / _plan.EmbeddingGain;
        for (var i = 0; i < _plan.Names.Count; i++)
        {
            embedding[_plan.Names[i], NameIs + i] = NameValue / _plan.EmbeddingGain;
        }
    }

    private void SetOutputNorm() =>
        _circuit.OutputNorm.AsSpan(0, ContentSize).Fill(_plan.OutputGain);

    /// <summary>A token's content vector e as the file holds it, mean square 1.</summary>
    private double[] Content(int token)
    {
        var content = new double[ContentSize];
        Vectors.Add(content, _plan.EmbeddingGain, _circuit.Embedding.Row(token)[..ContentSize]);
        return content;
    }

    // Rows of the down matrix are as long as there are units, and K-quants want whole super-blocks of 256.
    private static int RoundedUp(int count) => (count + 255) / 256 * 256;
}
