using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// A batch of one set under one prefix, filled anew again and again in the same memory: decodes the items that have a token and reads their
/// logits, several rows at once where the engine has several threads.
/// </summary>
internal sealed class EchoBatch(EchoSet set, IModelSession session)
{
    private readonly BatchToken[] _tokens = new BatchToken[set.Width];
    private readonly LogitScore?[] _scores = new LogitScore?[set.Width];
    private readonly List<(EchoRow Row, bool IsSampled)> _fed = [];
    private PrefixedSequences? _sequences;

    /// <summary>The batch's rows, those where nothing goes in among them.</summary>
    public List<EchoRow> Rows { get; } = [];

    /// <summary>Puts a range of items in place of what was there. Each is made once: those of a whole vocabulary are made when asked for.</summary>
    public void Fill(Range range)
    {
        Rows.Clear();
        _fed.Clear();
        for (var i = range.Start.Value; i < range.End.Value; i++)
        {
            var item = set.Items[i];
            var row = set.Blank<EchoRow>(item, set.FirstPlace + i);
            Rows.Add(row);
            if (row.InputIds is not null)
            {
                _fed.Add((row, item.IsSampled));
            }
        }
    }

    /// <summary>Decodes the batch. Nothing else of the session may be asked meanwhile.</summary>
    public void Decode()
    {
        if (_fed.Count == 0)
        {
            return;
        }
        if (_sequences is null)
        {
            _sequences = new PrefixedSequences(session, set.Prefix.Ids, _tokens.Length);
        }
        else
        {
            _sequences.Reset();
        }
        // The last batch is padded with its own last token.
        var width = BatchPlan.Width(_fed.Count, _tokens.Length);
        for (var slot = 0; slot < width; slot++)
        {
            _tokens[slot] = TokenOf(Math.Min(slot, _fed.Count - 1), _sequences.Length, slot);
        }
        session.Decode(_tokens.AsSpan(..width));
    }

    /// <summary>Fills in what the logits say of each row.</summary>
    public void Read(Action finishOthers)
    {
        RowReader.Read(session, _fed.Count, slot => Read(slot, slot));
        for (var slot = 0; slot < _fed.Count; slot++)
        {
            Record(slot, slot);
        }
        MeasureSpoiltAlone(finishOthers);
    }

    private BatchToken TokenOf(int slot, int position, int sequence) =>
        new(_fed[slot].Row.Token!.Id, position, sequence, WantsLogits: true);

    private void Read(int slot, int batchIndex)
    {
        var (row, context) = (_fed[slot].Row, set.Context);
        var logits = session.Logits(batchIndex);
        LogitScore? read = LogitScore.TryCompute(logits, row.Token!.Id, out var score)
            ? score
            : null;
        _scores[slot] = read;
        EchoProbe.Fill(row, context, read);
        if (read is null)
        {
            return;
        }
        if (row.PublishedTop1 is { } cell && context.Finder.FindBytes(cell) is { } published)
        {
            row.PublishedRank = LogitScore.RankOf(logits, published);
            row.PublishedGap = (double)logits[score.Top1] - logits[published];
        }
        row.DeltaTokenLogProb = context.Compare(row, score, logits);
    }

    private void Record(int slot, int batchIndex)
    {
        if (_scores[slot] is { } score)
        {
            var (row, isSampled) = _fed[slot];
            set.Context.Record(row, score, isSampled ? session.Logits(batchIndex) : []);
        }
    }

    // Sequences share one cache, and 0 × NaN is NaN: one such row spoils its neighbours, and what it left in the cache the next batch.
    // Each is measured again, alone, in an empty cache; one that was alone leaves the cache to be emptied.
    private void MeasureSpoiltAlone(Action finishOthers)
    {
        var spoilt = Enumerable.Range(0, _fed.Count).Where(slot => _scores[slot] is null).ToList();
        if (spoilt.Count == 0)
        {
            return;
        }
        _sequences = null;
        if (_fed.Count == 1)
        {
            return;
        }
        finishOthers();
        foreach (var slot in spoilt)
        {
            var row = _fed[slot].Row;
            (row.Status, row.Reason) = (RowStatus.Ok, null);
            var alone = new PrefixedSequences(session, set.Prefix.Ids, 1, isPadded: false);
            session.Decode([TokenOf(slot, alone.Length, 0)]);
            Read(slot, 0);
            Record(slot, 0);
        }
    }
}
