using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Probes;

/// <summary>A prompt on its way: its ids, its row as far as it is known, its continuation.</summary>
/// <param name="blank">Its row before anything is measured: its condition, its ids, and what already rules it out.</param>
/// <param name="ids">Its ids, without the prefix.</param>
internal sealed class PromptFeed(CompletionRow blank, int[] ids)
{
    private readonly List<int> _continuation = [];
    private bool _cutShort;

    public CompletionRow Row { get; private set; } = blank with { };

    public CompletionRow Blank => blank;
    public int[] Ids => ids;
    public StopReason? Stop { get; private set; }

    // At the prompt's end, or on the way through its continuation.
    public bool IsNonfinite => Row.Status == RowStatus.Nonfinite || _cutShort;

    public int LastToken => _continuation.Count > 0 ? _continuation[^1] : Ids[^1];

    public static PromptFeed Of(
        ProbeContext context,
        PromptSet set,
        Prompt prompt,
        ArmPrefix prefix,
        long place,
        int room
    )
    {
        var row = new CompletionRow
        {
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            PromptSet = set.Name,
            PromptId = prompt.Id,
            Prompt = prompt.Text,
            Expected = prompt.Expected,
            Place = place,
            PublishedNext = context.PublishedNext(prefix.Arm, set),
            Status = prefix.Missing is null ? RowStatus.Ok : prefix.MissingStatus,
            Reason = prefix.Missing,
        };
        if (prefix.Missing is not null)
        {
            return new PromptFeed(row, []);
        }
        var ids = context.Session.Vocabulary.Tokenize(Encoding.UTF8.GetBytes(prompt.Text));
        if (ids.Length == 0)
        {
            (row.Status, row.Reason) = (RowStatus.Failed, "the prompt has no tokens");
            return new PromptFeed(row, ids);
        }
        (row.InputIds, row.Flags) = ([.. prefix.Ids, .. ids], context.FlagsOf(ids));
        if (prompt.Expected is { } expected)
        {
            var found = context.Finder.Find(expected);
            row.ExpectedId = found.Token?.Id;
            row.Reason = found.Reason is null
                ? null
                : $"expected text is not a single token: {found.Reason}";
        }
        if (ids.Length > room)
        {
            row.Status = RowStatus.Failed;
            row.Reason =
                room < 1
                    ? "no room for a prompt beside what goes in front and its continuation"
                    : $"the prompt has {ids.Length} tokens; {room} fit";
        }
        return new PromptFeed(row, ids);
    }

    public void Restart()
    {
        (Row, Stop, _cutShort) = (blank with { }, null, false);
        _continuation.Clear();
    }

    public void Begin(IVocabulary vocabulary, int steps)
    {
        if (Row.Next is { } next)
        {
            Take(next.Id, vocabulary, steps);
        }
        else
        {
            Stop = StopReason.Length;
        }
    }

    public void Append(ReadOnlySpan<float> logits, IVocabulary vocabulary, int steps)
    {
        if (LogitScore.TryCompute(logits, null, out var score))
        {
            Take(score.Top1, vocabulary, steps);
        }
        else
        {
            (Stop, _cutShort) = (StopReason.Length, true);
            Row.Reason = Row.Reason is null
                ? ProbeReasons.ContinuationEnded
                : $"{Row.Reason}; {ProbeReasons.ContinuationEnded}";
        }
    }

    public void Finish(IVocabulary vocabulary)
    {
        if (_continuation.Count == 0)
        {
            return;
        }
        var text = Stop == StopReason.Eog ? _continuation[..^1] : _continuation;
        Row.Continuation = vocabulary.Join(text);
        Row.ContinuationIds = [.. _continuation];
        Row.Stop = Stop;
    }

    private void Take(int token, IVocabulary vocabulary, int steps)
    {
        _continuation.Add(token);
        Stop =
            vocabulary.IsEndOfGeneration(token) ? StopReason.Eog
            : _continuation.Count >= steps ? StopReason.Length
            : null;
    }
}
