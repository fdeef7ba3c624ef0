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
    /// <summary>Measures a file.</summary>
    /// <param name="context">The loaded file.</param>
    /// <param name="request">What is asked of it.</param>
    /// <param name="selection">Which of its rows; null for every one.</param>
    public static IEnumerable<MeasuredRow> Run(
        ProbeContext context,
        ProbeRequest request,
        RowSelection? selection = null
    )
    {
        string? failure = null;
        foreach (var section in Sections(context, request))
        {
            var given = 0;
            using (var rows = section.Measure().GetEnumerator())
            {
                while (failure is null && TryNext(rows, ref failure))
                {
                    given++;
                    yield return rows.Current;
                }
            }
            if (failure is null)
            {
                continue;
            }
            foreach (var row in section.Blank().Skip(given))
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

    private static bool TryNext(IEnumerator<MeasuredRow> rows, ref string? failure)
    {
        try
        {
            return rows.MoveNext();
        }
        catch (EngineException e)
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
            foreach (var prefix in Prefixes(context, request))
            {
                var first = place;
                place += items.Count;
                yield return new Section(
                    () => EchoProbe.Run(context, set.Name, items, prefix, first),
                    () => items.Select(item => EchoProbe.Blank(context, set.Name, item, prefix))
                );
            }
        }
        foreach (var set in request.PromptSets)
        {
            foreach (var prefix in Prefixes(context, request))
            {
                var first = place;
                place += set.Prompts.Count;
                yield return new Section(
                    () => CompletionProbe.Run(context, set, prefix, request.ContinueTokens, first),
                    () =>
                        set.Prompts.Select(prompt =>
                            CompletionProbe.Blank(context, set, prompt, prefix)
                        )
                );
            }
        }
    }

    private static IEnumerable<ArmPrefix> Prefixes(ProbeContext context, ProbeRequest request) =>
        request.Arms.SelectMany(arm =>
            ArmPrefix.Resolve(arm, context.Facts, context.Session.Vocabulary, request.Neutral)
        );

    // One set under one prefix: its rows measured, and the same rows as they are before.
    private sealed record Section(
        Func<IEnumerable<MeasuredRow>> Measure,
        Func<IEnumerable<MeasuredRow>> Blank
    );
}
