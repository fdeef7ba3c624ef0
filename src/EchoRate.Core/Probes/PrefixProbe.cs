using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>
/// What in front of a word ends its echo: every item behind every prefix. Rows come in the order set, prefix, item. A batch has rows of several
/// prefixes: each prefix is decoded once in a batch, copied to the sequences that begin with it, and then all words are decoded at once.
/// </summary>
/// <param name="Choice">What is put in front.</param>
public sealed record PrefixProbe(PrefixChoice Choice) : Look
{
    /// <inheritdoc />
    /// <remarks>Control tokens are known with the vocabulary: they are left out, and few.</remarks>
    public override long RowCount(ModelFacts facts, ProbeRequest request) =>
        request.RowCount(facts) * (1 + Choice.Count);

    /// <inheritdoc />
    public override LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits) =>
        limits with
        {
            BatchSize = limits.Sequences,
            CacheSize = 2 * limits.Sequences,
            Shows = Insight.Layers,
        };

    /// <inheritdoc />
    public override LookRow Unnamed(EchoRow row) => new PrefixRow(row);

    internal override IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var session = context.Session;
        var prefixes = Choice.Of(context.Facts, session.Vocabulary);
        var batch = new LookBatch(session, isFilledByRows: true);
        var place = 0L;
        foreach (var set in request.ItemSets)
        {
            var items = set.Resolve(session.Vocabulary, context.Finder);
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
            var width = BatchPlan.Width(checked(prefixes.Count * words), session.SequenceCount);
            yield return new Section(
                [
                    .. BatchPlan.Ranges(
                        checked(prefixes.Count * items.Count),
                        width,
                        row => items[row % items.Count].Token is not null
                    ),
                ],
                ranges => ranges.SelectMany(range => Measure(Blank(range))),
                Blank
            );

            List<PrefixRow> Measure(List<PrefixRow> rows)
            {
                var fed = rows.FindAll(row => row.InputIds is not null);
                if (fed.Count > 0)
                {
                    batch.Decode([.. fed.Select(CutInput.Of)], width, isWatched: false);
                    batch.Read(
                        fed,
                        isWatched: false,
                        (row, slot) => LookBatch.Score(context, row, slot)
                    );
                }
                return rows;
            }

            // Prefix after prefix, each with all items.
            List<PrefixRow> Blank(Range range) =>
                [
                    .. Enumerable
                        .Range(range.Start.Value, range.End.Value - range.Start.Value)
                        .Select(row =>
                        {
                            var (prefix, item) = Math.DivRem(row, items.Count);
                            return new PrefixRow(
                                behind[prefix].Blank(items[item], first + row),
                                prefixes[prefix].Kind
                            );
                        }),
                ];
        }
    }
}
