using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Probes;

/// <summary>A prompt on its way: its ids, its row as far as it is known, its continuation.</summary>
internal sealed class PromptFeed(CompletionRow row, int[] ids)
{
    private readonly List<int> _continuation = [];
    private bool _cutShort;

    // The row before anything is measured: its condition, its ids, and what already bars it.
    public CompletionRow Blank { get; private set; } = row;

    public CompletionRow Row { get; set; } = row;

    public int[] Ids { get; } = ids;

    public StopReason? Stop { get; private set; }

    // At the prompt's end, or on the way through its continuation.
    public bool IsNonfinite => Row.Status == RowStatus.Nonfinite || _cutShort;

    public int LastToken => _continuation.Count > 0 ? _continuation[^1] : Ids[^1];

    public static PromptFeed Of(
        ProbeContext context,
        PromptSet set,
        Prompt prompt,
        ArmPrefix prefix,
        long place
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
            Status = RowStatus.Ok,
        };
        if (prefix.Missing is not null)
        {
            return new PromptFeed(
                row with
                {
                    Status = prefix.MissingStatus,
                    Reason = prefix.Missing,
                },
                []
            );
        }
        var ids = context.Session.Vocabulary.Tokenize(Encoding.UTF8.GetBytes(prompt.Text));
        if (ids.Length == 0)
        {
            return new PromptFeed(
                row with
                {
                    Status = RowStatus.Failed,
                    Reason = "the prompt has no tokens",
                },
                []
            );
        }
        row = row with { InputIds = [.. prefix.Ids, .. ids], Flags = context.FlagsOf(ids) };
        if (prompt.Expected is { } expected)
        {
            var found = context.Finder.Find(expected);
            row = row with
            {
                ExpectedId = found.Token?.Id,
                Reason = found.Reason is null ? null : ProbeReasons.ExpectedNotSingle(found.Reason),
            };
        }
        return new PromptFeed(row, ids);
    }

    public void Fail(string reason) =>
        Row = Blank = Blank with { Status = RowStatus.Failed, Reason = reason };

    public void Restart()
    {
        (Row, Stop, _cutShort) = (Blank, null, false);
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
        if (LogitScore.TryFindTop(logits, out var top))
        {
            Take(top, vocabulary, steps);
        }
        else
        {
            (Stop, _cutShort) = (StopReason.Length, true);
            Row = Row with
            {
                Reason = Row.Reason is null
                    ? ProbeReasons.ContinuationEnded
                    : $"{Row.Reason}; {ProbeReasons.ContinuationEnded}",
            };
        }
    }

    public void Finish(IVocabulary vocabulary)
    {
        if (_continuation.Count == 0)
        {
            return;
        }
        var text = Stop == StopReason.Eog ? _continuation[..^1] : _continuation;
        Row = Row with
        {
            Continuation = vocabulary.Join(text),
            ContinuationIds = [.. _continuation],
            Stop = Stop,
        };
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
