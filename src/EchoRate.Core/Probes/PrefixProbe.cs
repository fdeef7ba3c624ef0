using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

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
        var vocabulary = context.Session.Vocabulary;
        var prefixes = Choice.Of(context.Facts, vocabulary);
        var place = 0L;
        foreach (var set in request.ItemSets)
        {
            var items = set.Resolve(vocabulary, context.Finder);
            var grid = new PrefixGrid(context, set.Name, items, prefixes, place);
            place += (long)prefixes.Count * items.Count;
            yield return new Section(
                [.. grid.Batches()],
                batches =>
                    batches.SelectMany(batch => Measure(context, grid.Blank(batch), grid.Width)),
                grid.Blank
            );
        }
    }

    private static List<PrefixRow> Measure(ProbeContext context, List<PrefixRow> rows, int width)
    {
        var fed = rows.Where(row => row.InputIds is not null).ToList();
        if (fed.Count == 0)
        {
            return rows;
        }
        var session = context.Session;
        // The last batch is padded with its own last row.
        Decode(
            session,
            [
                .. Enumerable
                    .Range(0, BatchPlan.Width(fed.Count, width))
                    .Select(slot => fed[Math.Min(slot, fed.Count - 1)]),
            ]
        );
        var scores = new LogitScore?[fed.Count];
        RowReader.Read(
            session,
            fed.Count,
            slot =>
            {
                scores[slot] = Score(fed[slot], session.Logits(slot));
                fed[slot].Take(SinkFigures.Of(session.Sinks, slot));
            }
        );
        foreach (var (slot, row) in fed.Index())
        {
            if (scores[slot] is null && width > 1)
            {
                // Sequences share one cache, and 0 × NaN is NaN: such a row is measured again, alone in an empty one.
                Decode(session, [row]);
                scores[slot] = Score(row, session.Logits(0));
                row.Take(SinkFigures.Of(session.Sinks, 0));
            }
            EchoProbe.Fill(row, context, new EchoFigures(scores[slot]));
        }
        return rows;
    }

    private static LogitScore? Score(PrefixRow row, ReadOnlySpan<float> logits) =>
        LogitScore.TryCompute(logits, row.Token!.Id, out var score) ? score : null;

    // A row in each sequence: the prefixes first, in a batch that has a multiple of 16 tokens where there are so many sequences to take one.
    private static void Decode(IModelSession session, IReadOnlyList<PrefixRow> rows)
    {
        session.Clear();
        var prefixed = rows.Index().Where(slot => slot.Item.Prefix is not null).ToList();
        if (prefixed.Count > 0)
        {
            var first = prefixed.DistinctBy(slot => slot.Item.Prefix!.Id).ToList();
            var leaders = first.ToDictionary(slot => slot.Item.Prefix!.Id, slot => slot.Index);
            var own = first
                .UnionBy(prefixed, slot => slot.Index)
                .Take(BatchPlan.Padded(first.Count))
                .ToDictionary(slot => slot.Index, slot => slot.Item.Prefix!.Id);
            session.Decode([
                .. own.Select(slot => new BatchToken(slot.Value, 0, slot.Key, WantsLogits: false)),
            ]);
            foreach (var (slot, row) in prefixed.Where(slot => !own.ContainsKey(slot.Index)))
            {
                session.CopySequence(leaders[row.Prefix!.Id], slot);
            }
        }
        session.Decode([
            .. rows.Select(
                (row, slot) =>
                    new BatchToken(
                        row.Token!.Id,
                        row.Prefix is null ? 0 : 1,
                        slot,
                        WantsLogits: true
                    )
            ),
        ]);
    }
}

/// <summary>Every item of a set behind every prefix, laid into batches. The layout follows from the set, the prefixes and the session alone.</summary>
/// <param name="context">The loaded file.</param>
/// <param name="set">The set's name.</param>
/// <param name="items">The items.</param>
/// <param name="prefixes">The prefixes.</param>
/// <param name="first">The first row's place among the file's rows.</param>
internal sealed class PrefixGrid(
    ProbeContext context,
    string set,
    IReadOnlyList<ResolvedItem> items,
    IReadOnlyList<ChosenPrefix> prefixes,
    long first
)
{
    private readonly EchoSet[] _sets =
    [
        .. prefixes.Select(chosen => new EchoSet(context, set, items, chosen.Prefix, 0)),
    ];

    /// <summary>Rows that each batch decodes but the last, padding included.</summary>
    public int Width { get; } =
        BatchPlan.Width(
            checked(prefixes.Count * items.Count(item => item.Token is not null)),
            context.Session.SequenceCount
        );

    /// <summary>The rows of each batch by their places: prefix after prefix, each with all items.</summary>
    public IEnumerable<Range> Batches()
    {
        var (start, fed, rows) = (0, 0, checked(prefixes.Count * items.Count));
        for (var end = 1; end <= rows; end++)
        {
            fed += items[(end - 1) % items.Count].Token is null ? 0 : 1;
            if (fed == Width && Width > 0 || end == rows)
            {
                yield return start..end;
                (start, fed) = (end, 0);
            }
        }
    }

    /// <summary>The rows of a batch before anything is measured.</summary>
    public List<PrefixRow> Blank(Range batch) =>
        [
            .. Enumerable
                .Range(batch.Start.Value, batch.End.Value - batch.Start.Value)
                .Select(place => new PrefixRow(
                    _sets[place / items.Count].Blank(items[place % items.Count], first + place),
                    prefixes[place / items.Count].Kind
                )),
        ];
}
