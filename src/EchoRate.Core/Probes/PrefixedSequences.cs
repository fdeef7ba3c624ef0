using EchoRate.Core.Engine;

namespace EchoRate.Core.Probes;

/// <summary>
/// Sequences that share a beginning: it is decoded once and copied, and between batches each sequence is cut back to it, so that the
/// cache is clean for every row.
/// </summary>
/// <remarks>
/// The prefix takes a multiple of 16 cells, the rest filled with tokens that no row sees. llama.cpp adds up a softmax in floats within 16 cells and in doubles
/// beyond (ggml_vec_soft_max_f32), so a row that shared them with the prefix would have other digits than one that does not.
/// </remarks>
internal sealed class PrefixedSequences
{
    private readonly IModelSession _session;
    private readonly BatchToken[] _prefix;
    private readonly int _count;
    private readonly bool _isPadded;
    private readonly int _padding;

    /// <summary>
    /// Empties the cache and puts the prefix into <paramref name="count"/> sequences. Cells and batches are filled up, but not where something was
    /// not finite, which what fills them could be too.
    /// </summary>
    public PrefixedSequences(
        IModelSession session,
        ReadOnlySpan<int> prefix,
        int count,
        bool isPadded = true
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, session.SequenceCount);
        (_session, _count, Length) = (session, count, prefix.Length);
        // A recurrent model takes the sequences of a batch in turn: there a filled batch costs as much as several.
        _isPadded = isPadded && session.CanKeepBeginning;
        _padding = Missing(prefix.Length);
        var own = new BatchToken[prefix.Length];
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = new BatchToken(prefix[i], i, 0, WantsLogits: false);
        }
        _prefix =
            _padding == 0 ? own : [.. own, .. BatchPlan.Filling(session, prefix[^1], 0, _padding)];
        Begin();
    }

    /// <summary>Tokens of the prefix: the position at which a row begins.</summary>
    public int Length { get; }

    /// <summary>
    /// Decodes tokens as a batch that is filled up to a multiple of 16, and so are those that want logits. What fills it is forgotten. Exact products are the
    /// same in every batch, so those are not filled.
    /// </summary>
    public void DecodePadded(List<BatchToken> batch)
    {
        if (_session.Report.Arithmetic == Arithmetic.Exact)
        {
            _session.Decode([.. batch]);
            return;
        }
        var missing = Missing(batch.Count);
        batch.AddRange(BatchPlan.Filling(_session, batch[^1].Token, _padding, missing));
        var wanted = batch.Count(token => token.WantsLogits);
        var rows = Math.Min(_session.SequenceCount, BatchPlan.Padded(wanted));
        for (var i = batch.Count - 1; i >= 0 && wanted < rows; i--)
        {
            wanted += batch[i].WantsLogits ? 0 : 1;
            batch[i] = batch[i] with { WantsLogits = true };
        }
        _session.Decode([.. batch]);
        if (missing > 0)
        {
            _session.TruncateSequence(_session.PaddingSequence, _padding);
        }
    }

    /// <summary>Cuts every sequence back to the prefix.</summary>
    public void Reset()
    {
        if (Length > 0 && !_session.CanKeepBeginning)
        {
            Begin();
            return;
        }
        for (var sequence = 0; sequence < _count; sequence++)
        {
            _session.TruncateSequence(sequence, Length);
        }
    }

    private void Begin()
    {
        _session.Clear();
        if (Length == 0)
        {
            return;
        }
        _session.Decode(_prefix);
        for (var sequence = 1; sequence < _count; sequence++)
        {
            _session.CopySequence(0, sequence);
        }
    }

    private int Missing(int tokens) =>
        _isPadded
            ? Math.Max(0, Math.Min(_session.BatchSize, BatchPlan.Padded(tokens)) - tokens)
            : 0;
}
