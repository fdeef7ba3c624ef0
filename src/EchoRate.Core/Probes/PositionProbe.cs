using System.Globalization;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;

namespace EchoRate.Core.Probes;

/// <summary>
/// How far into a text an echo lasts: the text in windows, each starting anew, and after every token what the model gives that token, and the one
/// that really follows. Rows come in the order arm, prefix, window, position.
/// </summary>
/// <param name="TextName">What the text is called: its file's name.</param>
/// <param name="Text">The text, UTF-8.</param>
/// <param name="Window">Tokens of the text in a window; null for as many as are usual.</param>
public sealed record PositionProbe(string TextName, byte[] Text, int? Window = null) : Look
{
    /// <summary>Tokens of a window where nobody says otherwise and the model's context allows.</summary>
    public const int DefaultWindow = 512;

    // What is decoded of a window at once: as many tokens as have 64 MiB of logits, which stand in memory twice; 64 of a vocabulary of 262,144 pieces.
    private const long MostLogitBytes = 2 * (64 << 20);

    /// <inheritdoc />
    public override string? ProblemOf(ModelFacts facts) =>
        Window > MostWindow(facts)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"--window: {Window} is not allowed for {facts.Model}; allowed: 1 to {MostWindow(facts)}, its context of {facts.ContextLength} less one for BOS"
            )
            : null;

    /// <summary>Tokens of the text in a window of this file.</summary>
    public int WindowOf(ModelFacts facts) => Window ?? Math.Min(DefaultWindow, MostWindow(facts));

    /// <inheritdoc />
    /// <remarks>No token is shorter than a byte, and a tokenizer may put a space in front.</remarks>
    public override long RowCount(ModelFacts facts, ProbeRequest request) =>
        (Text.Length + 1L) * request.PrefixCount;

    /// <inheritdoc />
    /// <remarks>A window behind its prefix, and logits for a part of it at once.</remarks>
    public override LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits)
    {
        const int prefix = 1;
        var window = WindowOf(facts);
        var most = Math.Min(limits.Sequences, BatchPlan.Padded(window));
        var rows = Math.Min(
            most,
            BatchPlan.Padded(BatchPlan.RowsThatFit(MostLogitBytes, facts.VocabularySize ?? 0, most))
        );
        return limits with
        {
            Sequences = rows,
            BatchSize = rows,
            CacheSize = prefix + window + BatchPlan.Multiple,
            Shows = Insight.Layers,
        };
    }

    /// <inheritdoc />
    public override LookRow Unnamed(EchoRow row) => new PositionRow(row);

    internal override IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var ids = context.Session.Vocabulary.Tokenize(Text);
        var windows = ids.Chunk(WindowOf(context.Facts)).ToList();
        var place = 0L;
        foreach (var prefix in FileProbe.Prefixes(context, request))
        {
            var first = place;
            place += Math.Max(1, ids.Length);
            yield return ids.Length == 0
                ? new Section(
                    [0..1],
                    _ => [NoTokens(prefix, first)],
                    _ => [NoTokens(prefix, first)]
                )
                : new Section(
                    [.. Enumerable.Range(0, windows.Count).Select(at => at..(at + 1))],
                    chosen => chosen.SelectMany(at => Measure(at.Start.Value)),
                    at => Blank(at.Start.Value)
                )
                {
                    RowCount = at => windows[at.Start.Value].Length,
                };

            PositionRow[] Blank(int window) =>
                this.Blank(
                    context,
                    prefix,
                    window,
                    windows[window],
                    first + ((long)window * windows[0].Length)
                );

            IEnumerable<PositionRow> Measure(int window) =>
                prefix.Missing is null
                    ? PositionProbe.Measure(context, prefix, windows[window], Blank(window))
                    : Blank(window);
        }
    }

    // One position of the context is BOS's, in every arm, so that all arms have the same windows. Who has no more than that gets one token all the same.
    private static int MostWindow(ModelFacts facts) =>
        Math.Max(1, (facts.ContextLength ?? DefaultWindow + 1) - 1);

    private PositionRow NoTokens(ArmPrefix prefix, long place) =>
        new()
        {
            Place = place,
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            ItemSet = TextName,
            Status = RowStatus.Failed,
            Reason = $"the text {TextName} has no tokens in this model's vocabulary",
        };

    // The rows of a window before anything is measured.
    private PositionRow[] Blank(
        ProbeContext context,
        ArmPrefix prefix,
        int window,
        int[] ids,
        long place
    ) =>
        [
            .. ids.Select(
                (id, at) =>
                    new PositionRow
                    {
                        Place = place + at,
                        Window = window,
                        Position = at,
                        Arm = prefix.Arm.Name,
                        Prefix = prefix.Token,
                        ItemSet = TextName,
                        Token = context.Finder.Token(id),
                        Next = at + 1 < ids.Length ? context.Finder.Token(ids[at + 1]) : null,
                        Status = prefix.Missing is null ? RowStatus.Ok : prefix.MissingStatus,
                        Flags = prefix.Missing is null ? context.FlagsOf(ids) : [],
                        Reason = prefix.Missing,
                    }
            ),
        ];

    // Positions share the cache, and 0 × NaN is NaN: one that is not finite spoils those before it in its batch. From there on each is decoded alone.
    private static IEnumerable<PositionRow> Measure(
        ProbeContext context,
        ArmPrefix prefix,
        int[] ids,
        PositionRow[] rows
    )
    {
        var session = context.Session;
        var width = Math.Min(session.SequenceCount, session.BatchSize);
        var first = new PrefixedSequences(session, prefix.Ids, 1).Length;
        for (var start = 0; start < ids.Length; )
        {
            var part = start..Math.Min(ids.Length, start + width);
            session.Decode(Batch(ids, part, first, width));
            if (!TryScore(context, rows.AsMemory(part)) && width > 1)
            {
                width = 1;
                Repeat(session, prefix, ids.AsSpan(0, start));
                continue;
            }
            for (; start < part.End.Value; start++)
            {
                yield return rows[start];
            }
        }
    }

    // Rows of a batch are a multiple of 16 (BatchPlan): what is missing at a window's end are lone tokens in sequences of their own.
    private static BatchToken[] Batch(int[] ids, Range part, int first, int width)
    {
        var (start, count) = part.GetOffsetAndLength(ids.Length);
        var padded = Math.Min(width, BatchPlan.Padded(count));
        return
        [
            .. Enumerable
                .Range(start, count)
                .Select(at => new BatchToken(ids[at], first + at, 0, WantsLogits: true)),
            .. Enumerable
                .Range(1, padded - count)
                .Select(other => new BatchToken(ids[start + count - 1], 0, other, true)),
        ];
    }

    // What stands before the part that is decoded once more, without a look at it.
    private static void Repeat(IModelSession session, ArmPrefix prefix, ReadOnlySpan<int> before)
    {
        var position = new PrefixedSequences(session, prefix.Ids, 1).Length;
        foreach (var id in before)
        {
            session.Decode([new BatchToken(id, position++, 0, WantsLogits: false)]);
        }
    }

    /// <returns>Whether all are finite.</returns>
    private static bool TryScore(ProbeContext context, Memory<PositionRow> rows)
    {
        var figures = new Figures[rows.Length];
        RowReader.Read(
            context.Session,
            rows.Length,
            slot => figures[slot] = Figures.Of(rows.Span[slot], context.Session.Logits(slot))
        );
        foreach (var (slot, figure) in figures.Index())
        {
            var row = rows.Span[slot];
            (row.Status, row.Reason) = (RowStatus.Ok, null);
            EchoProbe.Fill(row, context, new EchoFigures(figure.Score));
            row.Take(SinkFigures.Of(context.Session.Sinks, slot));
            row.NextLogProb = figure.NextLogProb;
            row.NextRank = figure.NextRank;
        }
        return Array.TrueForAll(figures, figure => figure.Score is not null);
    }

    private readonly record struct Figures(LogitScore? Score, double? NextLogProb, int? NextRank)
    {
        public static Figures Of(PositionRow row, ReadOnlySpan<float> logits)
        {
            if (!LogitScore.TryCompute(logits, row.Token!.Id, out var score))
            {
                return default;
            }
            return row.Next is { Id: var next }
                ? new(score, logits[next] - score.LogSumExp, LogitScore.RankOf(logits, next))
                : new(score, null, null);
        }
    }
}
