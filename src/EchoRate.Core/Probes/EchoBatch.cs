using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// A batch of one set under one prefix, filled anew again and again in the same memory: decodes the items that have a token and reads their
/// logits, several rows at once where the engine has several threads.
/// </summary>
internal sealed class EchoBatch
{
    private readonly EchoSet _set;
    private readonly IModelSession _session;
    private readonly BatchToken[] _tokens;
    private readonly Slot[] _slots;
    private readonly EchoFigures[] _figures;
    private readonly List<ResolvedItem> _items = [];
    private PrefixedSequences? _sequences;

    public EchoBatch(EchoSet set, IModelSession session)
    {
        (_set, _session) = (set, session);
        _tokens = new BatchToken[set.Width];
        _slots = new Slot[set.Width];
        _figures = new EchoFigures[set.Width];
    }

    /// <summary>The batch's items, those without a token among them.</summary>
    public IReadOnlyList<ResolvedItem> Items => _items;

    /// <summary>The place of the first item's row among the file's rows.</summary>
    public long FirstPlace { get; private set; }

    /// <summary>Tokens in the batch, padding left out.</summary>
    public int Count { get; private set; }

    public ref readonly EchoFigures this[int slot] => ref _figures[slot];

    /// <summary>Puts a range of items in place of what was there. Each is made once: those of a whole vocabulary are made when asked for.</summary>
    public void Fill(Range range)
    {
        _items.Clear();
        Count = 0;
        FirstPlace = _set.FirstPlace + range.Start.Value;
        for (var i = range.Start.Value; i < range.End.Value; i++)
        {
            var item = _set.Items[i];
            _items.Add(item);
            if (item.Token is { } token && _set.Prefix.Missing is null)
            {
                var place = _set.FirstPlace + i;
                _slots[Count++] = new Slot(token.Id, place, item.IsSampled, PublishedToken(item));
            }
        }
    }

    /// <summary>Decodes the batch. Nothing else of the session may be asked meanwhile.</summary>
    public void Decode()
    {
        if (Count == 0)
        {
            return;
        }
        if (_sequences is null)
        {
            _sequences = new PrefixedSequences(_session, _set.Prefix.Ids, _tokens.Length);
        }
        else
        {
            _sequences.Reset();
        }
        DecodeTokens();
    }

    public void Read(Action finishOthers)
    {
        RowReader.Read(_session, Count, slot => Read(slot, slot));
        for (var slot = 0; slot < Count; slot++)
        {
            Record(slot, _session.Logits(slot));
        }
        MeasureSpoiltAlone(finishOthers);
    }

    // The last batch is padded with its own last token.
    private void DecodeTokens()
    {
        var width = BatchPlan.Width(Count, _tokens.Length);
        for (var slot = 0; slot < width; slot++)
        {
            _tokens[slot] = new BatchToken(
                _slots[Math.Min(slot, Count - 1)].Token,
                _sequences!.Length,
                slot,
                WantsLogits: true
            );
        }
        _session.Decode(_tokens.AsSpan(..width));
    }

    private void Read(int slot, int batchIndex)
    {
        var (token, place, _, published) = _slots[slot];
        _figures[slot] = EchoFigures.Of(
            _set.Context,
            token,
            InputOf(place, token),
            published,
            _session.Logits(batchIndex)
        );
    }

    private void Record(int slot, ReadOnlySpan<float> logits)
    {
        if (_figures[slot].Score is { } score)
        {
            var (token, place, isSampled, _) = _slots[slot];
            ReferenceComparison.Record(
                _set.Context.Reference,
                InputOf(place, token),
                score,
                score.Top1 == token,
                isSampled,
                logits
            );
        }
    }

    private RowInput InputOf(long place, int token) =>
        RowInput.Of(place, _set.Name, _set.Prefix.Arm.Name, _set.Prefix.Ids, [token]);

    // Sequences share one cache, and 0 × NaN is NaN: one such row spoils its neighbours, and what it left in the cache the next batch.
    // Each is measured again, alone, in an empty cache; one that was alone leaves the cache to be emptied.
    private void MeasureSpoiltAlone(Action finishOthers)
    {
        var isSpoilt = false;
        for (var slot = 0; slot < Count; slot++)
        {
            isSpoilt |= _figures[slot].Score is null;
        }
        if (!isSpoilt)
        {
            return;
        }
        _sequences = null;
        if (Count > 1)
        {
            finishOthers();
        }
        for (var slot = 0; slot < Count && Count > 1; slot++)
        {
            if (_figures[slot].Score is not null)
            {
                continue;
            }
            var alone = new PrefixedSequences(_session, _set.Prefix.Ids, 1, isPadded: false);
            _session.Decode([
                new BatchToken(_slots[slot].Token, alone.Length, 0, WantsLogits: true),
            ]);
            Read(slot, 0);
            Record(slot, _session.Logits(0));
        }
    }

    private int? PublishedToken(in ResolvedItem item) =>
        _set.Context.PublishedCell(_set.Prefix.Arm, item.Item) is { } cell
            ? _set.Context.Finder.FindBytes(cell)
            : null;

    private readonly record struct Slot(int Token, long Place, bool IsSampled, int? Published);
}

/// <summary>What one lone token's logits say. Everything that takes a look at all of them is in here.</summary>
/// <param name="Score">The scores; null where a logit is NaN or infinite.</param>
/// <param name="Comparison">The row beside the reference's; null where there is nothing to hold it against.</param>
/// <param name="PublishedRank">Rank of the published cell's token; null where there is no cell, or no such token.</param>
/// <param name="PublishedGap">Log-probability of the most likely token minus that of the published one, in nats.</param>
internal readonly record struct EchoFigures(
    LogitScore? Score,
    ReferenceComparison? Comparison = null,
    int? PublishedRank = null,
    double? PublishedGap = null
)
{
    /// <summary>Reads a row's logits. Keeps nothing and may be called for several rows at once.</summary>
    public static EchoFigures Of(
        ProbeContext context,
        int token,
        RowInput input,
        int? publishedToken,
        ReadOnlySpan<float> logits
    )
    {
        if (!LogitScore.TryCompute(logits, token, out var score))
        {
            return default;
        }
        return new EchoFigures(
            score,
            ReferenceComparison.Of(context.Reference, input, score, score.Top1 == token, logits),
            publishedToken is { } id ? LogitScore.RankOf(logits, id) : null,
            publishedToken is { } published ? (double)logits[score.Top1] - logits[published] : null
        );
    }
}
