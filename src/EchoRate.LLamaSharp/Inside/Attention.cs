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
)
{
    /// <summary>Where in the cache sequences stand.</summary>
    internal CellMap Cells { get; } = new(layerCount, session.SequenceCount + 1);

    /// <summary>What is told of attention sinks beside; null where nobody asks.</summary>
    internal Sinks? Sinks { get; set; }

    public void Decode(ReadOnlySpan<BatchToken> batch, IReadOnlyList<AttentionCut?> cuts)
    {
        var tokens = batch.ToArray();
        CheckCuts(tokens, cuts);
        Sinks?.Begin(tokens);
        var stands = new Dictionary<nint, Stand[]>();
        var seen = new bool[layerCount];
        var isCut = cuts.Any(cut => cut is not null);
        tap.Watch(
            () => session.Evaluate(tokens),
            Sinks is null ? null : Sinks.SeeResidual,
            node =>
            {
                var here = Locate(node, tokens, stands);
                seen[node.Layer] = true;
                if (isCut)
                {
                    Cut(node, tokens, cuts, here);
                }
                Sinks?.SeeAttention(node, here);
            },
            withScores: isCut
        );
        if (Array.IndexOf(seen, false) is >= 0 and var missing)
        {
            throw new EngineException(
                $"{path}: this architecture does not show its attention: llama.cpp's graph has no node kq_soft_max-{missing}"
            );
        }
    }

    /// <summary>
    /// Finds out in which cells of a layer a batch's tokens stand, and remembers it. What was found of the batch before is known by its mask; layers
    /// of one kind share theirs.
    /// </summary>
    /// <exception cref="InvalidOperationException">The mask does not tell.</exception>
    internal Stand[] Locate(
        AttentionNode node,
        BatchToken[] tokens,
        Dictionary<nint, Stand[]> known
    )
    {
        if (node.TokenCount != tokens.Length)
        {
            throw new InvalidOperationException(
                $"kq_soft_max-{node.Layer} is of {node.TokenCount} tokens, and {tokens.Length} went in"
            );
        }
        if (!known.TryGetValue(node.Mask, out var stands))
        {
            known[node.Mask] = stands = FindStands(node, tokens);
        }
        foreach (var (token, stand) in tokens.Zip(stands))
        {
            Cells.Of(node.Layer, token.Sequence).Add(stand.Cell);
        }
        return stands;
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

    // Of the cells that a token sees, the one that no earlier token of its sequence stands in that it sees. What has left a sliding window does not count:
    // its cell may be another's by now.
    private Stand[] FindStands(AttentionNode node, BatchToken[] tokens)
    {
        var visible = node.ReadVisible();
        var positions = new Dictionary<int, Dictionary<int, int>>();
        var stands = new Stand[tokens.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var (_, position, sequence, _) = tokens[i];
            if (!positions.TryGetValue(sequence, out var positionOf))
            {
                positions[sequence] = positionOf = [];
                foreach (var (earlier, cell) in Cells.Of(node.Layer, sequence).Index())
                {
                    positionOf[cell] = earlier;
                }
            }
            var row = visible.AsSpan(i * node.CellCount, node.CellCount);
            var count = row.Count(true);
            var own = -1;
            for (var cell = 0; cell < row.Length; cell++)
            {
                if (
                    !row[cell]
                    || positionOf.TryGetValue(cell, out var earlier) && earlier > position - count
                )
                {
                    continue;
                }
                own = own < 0 ? cell : throw Unclear();
            }
            stands[i] = own < 0 ? throw Unclear() : new Stand(own, count);
            positionOf[own] = position;
        }
        return stands;

        InvalidOperationException Unclear() =>
            new($"the mask of kq_soft_max-{node.Layer} does not tell in which cells tokens stand");
    }

    private void Cut(
        AttentionNode node,
        BatchToken[] tokens,
        IReadOnlyList<AttentionCut?> cuts,
        Stand[] stands
    )
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
            // What has left a sliding window is not attended to; its cell may be another's.
            var seen = Enumerable
                .Range(tokens[i].Position + 1 - stands[i].Visible, stands[i].Visible)
                .ToList();
            int[] kept = [.. seen.Except(cut.Positions)];
            int[] gone = [.. seen.Intersect(cut.Positions)];
            for (var head = 0; head < node.HeadCount; head++)
            {
                if (cut.Applies(node.Layer, head))
                {
                    var row = (head * node.TokenCount) + i;
                    Renormalise(
                        weights.AsSpan(row * node.CellCount, node.CellCount),
                        sinkWeights[row],
                        cells,
                        gone,
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

    /// <summary>Where in a layer's cache a token stands.</summary>
    /// <param name="Cell">The cell.</param>
    /// <param name="Visible">How many tokens it sees, itself and those right before it.</param>
    internal readonly record struct Stand(int Cell, int Visible);
}
