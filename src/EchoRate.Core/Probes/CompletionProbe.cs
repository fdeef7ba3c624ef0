using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Probes;

/// <summary>
/// Feeds prompts behind each arm's prefix: the next-token distribution, and for sets that ask for it a greedy continuation.
/// Rows come in the order of the prompts, and every prompt gives one.
/// </summary>
public static class CompletionProbe
{
    /// <summary>Measures one set under one arm's prefix.</summary>
    /// <param name="context">The loaded file.</param>
    /// <param name="set">The prompts.</param>
    /// <param name="prefix">What goes in front.</param>
    /// <param name="continueTokens">Tokens of a continuation, the next token included; 0 for none.</param>
    public static IEnumerable<CompletionRow> Run(
        ProbeContext context,
        PromptSet set,
        ArmPrefix prefix,
        int continueTokens
    )
    {
        var steps = set.Continues ? continueTokens : 0;
        var fed = set.Prompts.Select(prompt => Feed.Of(context, set, prompt, prefix)).ToList();
        var session = context.Session;
        var budget = session.CacheSize - prefix.Ids.Length;

        var ready = new List<Feed>();
        foreach (var feed in fed)
        {
            if (feed.Row.Status == RowStatus.Ok && feed.Ids.Length + steps > budget)
            {
                feed.Row = feed.Row with
                {
                    Status = RowStatus.Failed,
                    Reason = ProbeReasons.PromptTooLong(feed.Ids.Length, budget - steps),
                };
            }
            if (feed.Row.Status == RowStatus.Ok)
            {
                ready.Add(feed);
            }
        }

        var done = 0;
        foreach (
            var range in BatchPlan.Groups(
                [.. ready.Select(feed => feed.Ids.Length + steps)],
                session.SequenceCount,
                budget
            )
        )
        {
            var group = ready[range];
            Measure(context, group, prefix, steps);
            // What could not be measured stands between what was.
            for (var last = fed.IndexOf(group[^1]); done <= last; done++)
            {
                yield return fed[done].Row;
            }
        }
        for (; done < fed.Count; done++)
        {
            yield return fed[done].Row;
        }
    }

    /// <summary>A prompt's row before anything is measured: its condition, its ids, and what already bars it.</summary>
    public static CompletionRow Blank(
        ProbeContext context,
        PromptSet set,
        Prompt prompt,
        ArmPrefix prefix
    ) => Feed.Of(context, set, prompt, prefix).Row;

    private static void Measure(ProbeContext context, List<Feed> group, ArmPrefix prefix, int steps)
    {
        var session = context.Session;
        var sequences = new PrefixedSequences(session, prefix.Ids, group.Count);
        foreach (var (index, slot) in DecodePrompts(session, group, sequences.Length))
        {
            group[slot].Row = Score(context, group[slot], session.Logits(index));
        }
        if (steps > 0)
        {
            Continue(context, group, sequences.Length, steps);
        }
    }

    // Prompts go in one after another, cut where a batch is full; the last token of each asks for logits, which are read before the
    // next batch is decoded. (index in the batch, slot)
    private static IEnumerable<(int Index, int Slot)> DecodePrompts(
        IModelSession session,
        List<Feed> group,
        int position
    )
    {
        var batch = new List<BatchToken>(session.BatchSize);
        for (var slot = 0; slot < group.Count; slot++)
        {
            var ids = group[slot].Ids;
            for (var i = 0; i < ids.Length; i++)
            {
                batch.Add(
                    new BatchToken(ids[i], position + i, slot, WantsLogits: i == ids.Length - 1)
                );
                if (
                    batch.Count < session.BatchSize
                    && (slot < group.Count - 1 || i < ids.Length - 1)
                )
                {
                    continue;
                }
                session.Decode([.. batch]);
                for (var index = 0; index < batch.Count; index++)
                {
                    if (batch[index].WantsLogits)
                    {
                        yield return (index, batch[index].Sequence);
                    }
                }
                batch.Clear();
            }
        }
    }

    // All rows of a group step together. One that has ended goes on being fed its last token, unread: the batch keeps its width, and
    // with it the others keep their digits.
    private static void Continue(ProbeContext context, List<Feed> group, int position, int steps)
    {
        var (session, vocabulary) = (context.Session, context.Session.Vocabulary);
        foreach (var feed in group)
        {
            feed.Begin(vocabulary, steps);
        }
        for (var step = 1; group.Exists(feed => feed.Stop is null); step++)
        {
            var batch = new BatchToken[group.Count];
            for (var slot = 0; slot < group.Count; slot++)
            {
                var feed = group[slot];
                batch[slot] = new BatchToken(
                    feed.LastToken,
                    position + feed.Ids.Length + step - 1,
                    slot,
                    WantsLogits: true
                );
            }
            session.Decode(batch);
            for (var slot = 0; slot < group.Count; slot++)
            {
                if (group[slot].Stop is null)
                {
                    group[slot].Append(session.Logits(slot), vocabulary, steps);
                }
            }
        }
        foreach (var feed in group)
        {
            feed.Finish(vocabulary);
        }
    }

    private static CompletionRow Score(ProbeContext context, Feed feed, ReadOnlySpan<float> logits)
    {
        if (!LogitScore.TryCompute(logits, feed.Row.ExpectedId, out var score))
        {
            return feed.Row with { Status = RowStatus.Nonfinite, Reason = ProbeReasons.Nonfinite };
        }
        var row = feed.Row with
        {
            Next = context.Session.Vocabulary.Token(score.Top1),
            NextLogProb = score.Top1LogProb,
            Entropy = score.Entropy,
        };
        return row.ExpectedId is null
            ? row
            : row with
            {
                Hit = score.Top1 == row.ExpectedId,
                ExpectedLogProb = score.TokenLogProb,
                ExpectedRank = score.TokenRank,
                ExpectedMargin = score.Margin,
                NearTie = Math.Abs(score.Margin) < context.Facts.NearTieEpsilon,
            };
    }

    // A prompt on its way: its ids, its row as far as it is known, its continuation.
    private sealed class Feed(CompletionRow row, int[] ids)
    {
        private readonly List<int> _continuation = [];

        public CompletionRow Row { get; set; } = row;

        public int[] Ids { get; } = ids;

        public StopReason? Stop { get; private set; }

        public int LastToken => _continuation.Count > 0 ? _continuation[^1] : Ids[^1];

        public static Feed Of(ProbeContext context, PromptSet set, Prompt prompt, ArmPrefix prefix)
        {
            var row = new CompletionRow
            {
                Arm = prefix.Arm.Name,
                Prefix = prefix.Token,
                PromptSet = set.Name,
                PromptId = prompt.Id,
                Prompt = prompt.Text,
                Expected = prompt.Expected,
                Status = RowStatus.Ok,
            };
            if (prefix.Missing is not null)
            {
                return new Feed(row with { Status = RowStatus.NoBos, Reason = prefix.Missing }, []);
            }
            var ids = context.Session.Vocabulary.Tokenize(Encoding.UTF8.GetBytes(prompt.Text));
            if (ids.Length == 0)
            {
                return new Feed(
                    row with
                    {
                        Status = RowStatus.Failed,
                        Reason = "the prompt has no tokens",
                    },
                    []
                );
            }
            row = row with { InputIds = [.. prefix.Ids, .. ids], Flags = context.Flags };
            if (prompt.Expected is { } expected)
            {
                var found = context.Finder.Find(expected);
                row = row with
                {
                    ExpectedId = found.Token?.Id,
                    Reason = found.Reason is null
                        ? null
                        : ProbeReasons.ExpectedNotSingle(found.Reason),
                };
            }
            return new Feed(row, ids);
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
                (Stop, Row) = (
                    StopReason.Length,
                    Row with
                    {
                        Reason = "the continuation ended early: " + ProbeReasons.Nonfinite,
                    }
                );
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
}
