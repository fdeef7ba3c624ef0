using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>The attention of a session, through its tap.</summary>
/// <remarks>
/// A cell's weight is set to 0 and the others of its row are scaled to what a softmax without that cell would have given them. Where learned sinks
/// take a part of the attention (gpt-oss), they keep their place in the sum. Soft caps lie before the softmax, so that nothing more need be known of them.
/// </remarks>
internal sealed class Attention(
    LLamaSharpSession session,
    GraphTap tap,
    int layerCount,
    string path
) : IAttention
{
    private readonly int[] _headCounts = new int[layerCount];

    public int LayerCount => layerCount;

    /// <summary>Where in the cache sequences stand.</summary>
    internal CellMap Cells { get; } = new(layerCount, session.SequenceCount);

    public int HeadCount(int layer) => _headCounts[layer];

    public void Decode(ReadOnlySpan<BatchToken> batch, IReadOnlyList<AttentionCut?> cuts)
    {
        var tokens = batch.ToArray();
        CheckCuts(tokens, cuts);
        var own = new Dictionary<nint, int[]>();
        var seen = new bool[layerCount];
        var isCut = cuts.Any(cut => cut is not null);
        tap.Attend(
            node =>
            {
                if (node.TokenCount != tokens.Length)
                {
                    throw new InvalidOperationException(
                        $"kq_soft_max-{node.Layer} is of {node.TokenCount} tokens, and {tokens.Length} went in"
                    );
                }
                if (!own.TryGetValue(node.Mask, out var cells))
                {
                    own[node.Mask] = cells = FindOwnCells(node, tokens);
                }
                foreach (var (token, cell) in tokens.Zip(cells))
                {
                    Cells.Of(node.Layer, token.Sequence).Add(cell);
                }
                _headCounts[node.Layer] = node.HeadCount;
                seen[node.Layer] = true;
                if (isCut)
                {
                    Cut(node, tokens, cuts);
                }
            },
            withScores: isCut,
            () => session.Decode(tokens)
        );
        if (Array.IndexOf(seen, false) is >= 0 and var missing)
        {
            throw new EngineException(
                $"{path}: this architecture does not show its attention: llama.cpp's graph has no node kq_soft_max-{missing}"
            );
        }
    }

    private void CheckCuts(BatchToken[] tokens, IReadOnlyList<AttentionCut?> cuts)
    {
        for (var i = 0; i < Math.Min(tokens.Length, cuts.Count); i++)
        {
            var before = tokens[i].Position;
            if (
                cuts[i] is { } cut
                && (cut.Positions.Count == 0 || cut.Positions.Any(p => p < 0 || p >= before))
            )
            {
                throw new ArgumentException(
                    $"token {i}: a cut is of positions before {before}",
                    nameof(cuts)
                );
            }
        }
        foreach (var sequence in tokens.GroupBy(token => token.Sequence))
        {
            if (Cells.Of(0, sequence.Key).Count != sequence.First().Position)
            {
                throw new InvalidOperationException(
                    $"what stands in sequence {sequence.Key} was not decoded here"
                );
            }
        }
    }

    // Of the cells that a token sees, the one that no earlier token of its sequence stands in.
    private int[] FindOwnCells(AttentionNode node, BatchToken[] tokens)
    {
        var visible = node.ReadVisible();
        var known = new Dictionary<int, HashSet<int>>();
        var own = new int[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var sequence = tokens[i].Sequence;
            if (!known.TryGetValue(sequence, out var earlier))
            {
                known[sequence] = earlier = [.. Cells.Of(node.Layer, sequence)];
            }
            own[i] = -1;
            for (var cell = 0; cell < node.CellCount; cell++)
            {
                if (!visible[(i * node.CellCount) + cell] || earlier.Contains(cell))
                {
                    continue;
                }
                if (own[i] >= 0)
                {
                    throw Unclear();
                }
                own[i] = cell;
            }
            if (own[i] < 0)
            {
                throw Unclear();
            }
            earlier.Add(own[i]);
        }
        return own;

        InvalidOperationException Unclear() =>
            new($"the mask of kq_soft_max-{node.Layer} does not tell in which cells tokens stand");
    }

    private void Cut(AttentionNode node, BatchToken[] tokens, IReadOnlyList<AttentionCut?> cuts)
    {
        var weights = node.Read();
        var sinkWeights = node.ReadSinkWeights(weights);
        for (var i = 0; i < Math.Min(tokens.Length, cuts.Count); i++)
        {
            if (cuts[i] is not { } cut)
            {
                continue;
            }
            var cells = Cells.Of(node.Layer, tokens[i].Sequence);
            int[] kept = [.. Enumerable.Range(0, tokens[i].Position + 1).Except(cut.Positions)];
            for (var head = 0; head < node.HeadCount; head++)
            {
                if (cut.Applies(node.Layer, head))
                {
                    var row = (head * node.TokenCount) + i;
                    Renormalise(
                        weights.AsSpan(row * node.CellCount, node.CellCount),
                        sinkWeights[row],
                        cells,
                        cut.Positions,
                        kept,
                        node
                    );
                }
            }
        }
        node.Write(weights);
    }

    private static void Renormalise(
        Span<float> row,
        double sinkWeight,
        List<int> cells,
        IReadOnlyList<int> positions,
        int[] kept,
        AttentionNode node
    )
    {
        var rest = sinkWeight;
        foreach (var position in kept)
        {
            rest += row[cells[position]];
        }
        foreach (var position in positions)
        {
            row[cells[position]] = 0;
        }
        if (rest > 0)
        {
            foreach (var position in kept)
            {
                row[cells[position]] = (float)(row[cells[position]] / rest);
            }
        }
        else if (kept is [var alone] && !node.HasSinks)
        {
            // Too little to be a float beside what was cut; without it, it is all.
            row[cells[alone]] = 1;
        }
        else
        {
            throw new InvalidOperationException(
                $"layer {node.Layer} attends to nothing but what is cut, as far as floats tell"
            );
        }
    }
}
