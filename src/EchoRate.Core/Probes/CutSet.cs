using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Statistics;

namespace EchoRate.Core.Probes;

/// <summary>
/// The cuts of one set under one prefix. Before any figure it proves itself: attention that is read and written back changes nothing, to the last bit
/// (each batch without a cut is decoded twice), and a cut is one (<see cref="CutProof"/>).
/// </summary>
internal sealed class CutSet
{
    private readonly CutProbe _probe;
    private readonly EchoSet _set;
    private readonly LookBatch _batch;
    private readonly List<CutRow> _items;
    private readonly List<CutRow> _fed;
    private CutSummary _summary = new();
    private int _summed;

    public CutSet(CutProbe probe, EchoSet set, PromptSet? prompts, LookBatch batch)
    {
        (_probe, _set, _batch) = (probe, set, batch);
        _items =
        [
            .. LensProbe.Blank<CutRow>(set, 0..set.Items.Count).Select(row => Begin(row, prompts)),
        ];
        _fed = _items.FindAll(item => item.InputIds is not null);
    }

    private IModelSession Session => _set.Context.Session;
    private ModelFacts Facts => _set.Context.Facts;

    public IEnumerable<Section> Sections(Func<long> nextPlace)
    {
        var uncut = Placed(
            _items.ConvertAll(item =>
                item.InputIds is null ? item : item with { Cut = _probe.Cut(CutKind.None) }
            )
        );
        var cut = Placed(Cross(_probe.LayerCuts(Facts)));
        var heads = Placed(Cross(_probe.HeadCuts(Facts, new int?[_probe.LayersOf(Facts).Count()])));
        yield return SectionOf(uncut, ranges => Summed(MeasureUncut(uncut, ranges)));
        yield return SectionOf(cut, ranges => Summed(Measure(cut, ranges)));
        if (heads.Count > 0)
        {
            yield return SectionOf(heads, ranges => MeasureHeads(uncut, cut, heads, ranges));
        }

        List<CutRow> Placed(List<CutRow> rows) =>
            rows.ConvertAll(row => row with { Place = nextPlace() });
    }

    private List<CutRow> Cross(List<AttentionCut> cuts) =>
        [.. from item in _fed from cut in cuts select item with { Cut = cut }];

    private CutRow Begin(CutRow row, PromptSet? prompts)
    {
        row.Index = (int)row.Place;
        if (prompts?.Prompts[row.Index].Expected is { } expected)
        {
            row.Expected = expected;
            row.ExpectedId = _set.Context.Finder.Find(expected).Token?.Id;
        }
        if (row.InputIds is { } ids && _probe.Positions.Max() is var last && last >= ids.Length - 1)
        {
            (row.Status, row.InputIds) = (RowStatus.Failed, null);
            row.Reason =
                $"nothing to cut: of {ids.Length} {(ids.Length == 1 ? "token" : "tokens")} the last cannot be kept from position {last}; --positions are before it, the first is 0";
        }
        return row;
    }

    private Section SectionOf(
        List<CutRow> rows,
        Func<IReadOnlyList<Range>, IEnumerable<CutRow>> measure
    ) => new(_batch.Pack(rows, WidthOf(rows)), measure, range => rows[range]);

    private int WidthOf(List<CutRow> rows) =>
        BatchPlan.Width(rows.Count(row => row.InputIds is not null), Session.SequenceCount);

    private IEnumerable<CutRow> Summed(IEnumerable<CutRow> rows)
    {
        foreach (var row in rows)
        {
            _summary.Add(row);
            _summed++;
            yield return row;
        }
    }

    private IEnumerable<CutRow> MeasureUncut(List<CutRow> uncut, IReadOnlyList<Range> ranges)
    {
        CheckWishes();
        var width = WidthOf(uncut);
        foreach (var range in ranges)
        {
            var rows = Copy(uncut[range]);
            var fed = rows.FindAll(row => row.InputIds is not null);
            if (fed.Count > 0)
            {
                CutProof.Check(Session, fed, _batch);
                _batch.Decode(Inputs(fed), width, isWatched: false);
                byte[][] ordinary = [.. fed.Select((_, slot) => Digest(slot))];
                _batch.Decode(Inputs(fed), width, isWatched: true);
                if (fed.Where((_, slot) => !Digest(slot).SequenceEqual(ordinary[slot])).Any())
                {
                    throw new EngineException(
                        "the cut does not hold here: attention that is read and written back as it was changes the answer, so no figure is given"
                    );
                }
                _batch.Read(fed, isWatched: true, Score);
            }
            foreach (var row in rows)
            {
                yield return row;
            }
        }

        byte[] Digest(int slot) => SHA256.HashData(MemoryMarshal.AsBytes(Session.Logits(slot)));
    }

    private IEnumerable<CutRow> Measure(List<CutRow> all, IReadOnlyList<Range> ranges)
    {
        var width = WidthOf(all);
        foreach (var range in ranges)
        {
            var rows = Copy(all[range]);
            _batch.Decode(Inputs(rows), width, isWatched: true);
            _batch.Read(rows, isWatched: true, Score);
            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    // Which layers decide most is known from the rows before. Where an earlier process measured them, they are measured again, and are the same.
    private IEnumerable<CutRow> MeasureHeads(
        List<CutRow> uncut,
        List<CutRow> cut,
        List<CutRow> heads,
        IReadOnlyList<Range> ranges
    )
    {
        if (ranges.Count == 0)
        {
            return [];
        }
        if (_summed < uncut.Count + cut.Count)
        {
            _summary = new CutSummary();
            foreach (
                var row in MeasureUncut(uncut, _batch.Pack(uncut, WidthOf(uncut)))
                    .Concat(Measure(cut, _batch.Pack(cut, WidthOf(cut))))
            )
            {
                _summary.Add(row);
            }
        }
        var ranked =
            from row in _summary.Build()
            where row.Cut is { Kind: CutKind.Only }
            orderby row.Rank
            select row.Cut!.Layer;
        // Where nothing is finite there is no order.
        int?[] layers = [.. ranked.Union(_probe.LayersOf(Facts).Select(layer => (int?)layer))];
        var named = Cross(_probe.HeadCuts(Facts, layers))
            .Zip(heads, (row, blank) => row with { Place = blank.Place });
        return Measure([.. named], ranges);
    }

    private void CheckWishes()
    {
        var count = Facts.Layers ?? 0;
        if (_probe.Layers?.FirstOrDefault(layer => layer >= count, -1) is >= 0 and var missing)
        {
            throw new EngineException(
                $"layer {missing} of --layers is not in this model; its layers are 0 to {count - 1}"
            );
        }
        if (_probe.Heads && Facts.Heads is null)
        {
            throw new EngineException(
                "--heads: the header does not say one number of heads for all layers"
            );
        }
    }

    private static List<CutRow> Copy(List<CutRow> rows) => rows.ConvertAll(row => row with { });

    private static CutInput[] Inputs(List<CutRow> rows) => [.. rows.Select(CutInput.Of)];

    private void Score(CutRow row, int slot)
    {
        if (LookBatch.Score(_set.Context, row, slot) is not null && row.ExpectedId is { } expected)
        {
            LogitScore.TryCompute(Session.Logits(slot), expected, out var other);
            row.Hit = other.Top1 == expected;
            row.ExpectedMargin = other.Margin;
        }
    }
}
