using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>
/// What in front of a word ends its echo: every item behind every prefix. Rows come in the order set, prefix, item. A batch has rows of several
/// prefixes: each prefix is decoded once in a batch, copied to the sequences that begin with it, and then all words are decoded at once.
/// </summary>
public sealed record PrefixProbe(PrefixChoice Choice) : Look
{
    public override LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits) =>
        limits with
        {
            BatchSize = limits.Sequences,
            CacheSize = 2 * limits.Sequences,
            Shows = Insight.Layers,
        };

    public override LookRow Unnamed() => new PrefixRow();

    internal override IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var prefixes = Choice.Of(context.Facts, context.Session.Vocabulary);
        var batch = new LookBatch(context.Session, isFilledByRows: true);
        var place = 0L;
        foreach (var set in request.ItemSets)
        {
            var items = set.Resolve(context.Session.Vocabulary, context.Finder);
            var first = place;
            place += (long)prefixes.Count * items.Count;
            EchoSet[] behind =
            [
                .. prefixes.Select(chosen => new EchoSet(
                    context,
                    set.Name,
                    items,
                    chosen.Prefix,
                    FirstPlace: 0
                )),
            ];
            var words = items.Count(item => item.Token is not null);
            var width = BatchPlan.Width(
                checked(prefixes.Count * words),
                context.Session.SequenceCount
            );
            yield return new Section(
                BatchPlan.Ranges(
                    checked(prefixes.Count * items.Count),
                    width,
                    row => items[row % items.Count].Token is not null
                ),
                ranges =>
                    ranges.SelectMany(range => Measure(context, batch, [.. Blank(range)], width)),
                Blank
            );

            // Prefix after prefix, each with all items.
            IEnumerable<PrefixRow> Blank(Range range)
            {
                for (var at = range.Start.Value; at < range.End.Value; at++)
                {
                    var (prefix, item) = Math.DivRem(at, items.Count);
                    var row = behind[prefix].Blank<PrefixRow>(items[item], first + at);
                    row.PrefixKind = prefixes[prefix].Kind;
                    yield return row;
                }
            }
        }
    }

    private static List<PrefixRow> Measure(
        ProbeContext context,
        LookBatch batch,
        List<PrefixRow> rows,
        int width
    )
    {
        var fed = rows.FindAll(row => row.InputIds is not null);
        if (fed.Count > 0)
        {
            batch.Decode([.. fed.Select(CutInput.Of)], width, isWatched: false);
            batch.Read(fed, isWatched: false, (row, slot) => LookBatch.Score(context, row, slot));
        }
        return rows;
    }
}
