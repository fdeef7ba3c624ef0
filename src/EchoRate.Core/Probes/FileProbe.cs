using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>
/// Everything that is asked of one loaded file, as a stream of rows in their order: set, arm, prefix, item; echoes first. An engine that
/// gives up midway does not end the stream: what is left comes as <see cref="RowStatus.Failed"/>.
/// </summary>
public static class FileProbe
{
    /// <summary>Measures a file, or a selection of its rows: those that are measured are the same, to the last bit, whatever else is.</summary>
    public static IEnumerable<MeasuredRow> Run(
        ProbeContext context,
        ProbeRequest request,
        RowSelection? selection = null
    )
    {
        var sections = request.Look?.Sections(context, request) ?? Sections(context, request);
        return Run(sections, selection ?? RowSelection.Whole);
    }

    /// <summary>Rows that a look at a loaded file gives, whose text or vocabulary its header does not tell; null for a run.</summary>
    public static long? RowCount(ProbeContext context, ProbeRequest request) =>
        request
            .Look?.Sections(context, request)
            .Sum(section => section.Batches.Sum(batch => (long)section.RowCount(batch)));

    private static IEnumerable<MeasuredRow> Run(
        IEnumerable<Section> sections,
        RowSelection selection
    )
    {
        var (number, skip) = (0L, selection.SkipRows);
        string? failure = null;
        var isAnyRead = false;
        foreach (var section in sections)
        {
            // Of the first batch that is measured some rows may be there already.
            var (batches, there, given) = (new List<Range>(), 0, 0);
            foreach (var batch in section.Batches)
            {
                if (number++ % selection.Shards != selection.Shard)
                {
                    continue;
                }
                if (skip > 0)
                {
                    var rows = section.RowCount(batch);
                    if (skip >= rows)
                    {
                        skip -= rows;
                        continue;
                    }
                    (there, skip) = ((int)skip, 0);
                }
                batches.Add(batch);
            }
            using (var measured = section.Measure(batches).GetEnumerator())
            {
                while (failure is null && TryNext(measured, isAnyRead, ref failure))
                {
                    isAnyRead = true;
                    if (given++ >= there)
                    {
                        yield return measured.Current;
                    }
                }
            }
            if (failure is null)
            {
                continue;
            }
            foreach (var row in batches.SelectMany(section.Blank).Skip(Math.Max(given, there)))
            {
                yield return row.Status == RowStatus.Ok
                    ? row with
                    {
                        Status = RowStatus.Failed,
                        Reason = failure,
                        Flags = [],
                    }
                    : row;
            }
        }
    }

    // A device that has no memory for the very first batch is the caller's affair: nothing is lost yet, and fewer layers may do.
    private static bool TryNext(IEnumerator<MeasuredRow> rows, bool isAnyRead, ref string? failure)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (EngineException e) when (isAnyRead || !e.IsDeviceOutOfMemory)
        {
            failure = e.Message;
            return false;
        }
    }

    private static IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var place = 0L;
        foreach (var set in request.ItemSets)
        {
            var items = set.Resolve(context.Session.Vocabulary, context.Finder);
            items = request.Sample?.Of(items) ?? items;
            foreach (var prefix in Prefixes(context, request))
            {
                var echoes = new EchoSet(context, set.Name, items, prefix, place);
                place += items.Count;
                yield return new Section(
                    echoes.Batches(),
                    batches => EchoProbe.Run(echoes, batches),
                    echoes.Blank<EchoRow>
                );
            }
        }
        foreach (var whole in request.PromptSets)
        {
            var set = request.Sample?.Of(whole) ?? whole;
            foreach (var prefix in Prefixes(context, request))
            {
                var plan = new PromptBatches(context, set, prefix, request.ContinueTokens, place);
                place += set.Prompts.Count;
                yield return new Section(
                    plan.Ranges,
                    groups => CompletionProbe.Run(context, plan, groups),
                    group => plan.Group(group).Select(feed => feed.Blank)
                );
            }
        }
    }

    internal static IEnumerable<ArmPrefix> Prefixes(ProbeContext context, ProbeRequest request) =>
        request.Arms.SelectMany(arm =>
            ArmPrefix.Resolve(arm, context.Facts, context.Session.Vocabulary, request.Neutral)
        );
}

/// <summary>One set under one prefix: how its rows are laid into batches, some of them measured, and the rows of one as they are before.</summary>
internal sealed record Section(
    IReadOnlyList<Range> Batches,
    Func<IReadOnlyList<Range>, IEnumerable<MeasuredRow>> Measure,
    Func<Range, IEnumerable<MeasuredRow>> Blank
)
{
    /// <summary>Rows of a batch, without laying them out; one for each item where nothing else is said.</summary>
    public Func<Range, int> RowCount { get; init; } = batch => batch.End.Value - batch.Start.Value;
}
