using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>What is asked of every file of a run.</summary>
public sealed record ProbeRequest
{
    /// <summary>The item sets to echo.</summary>
    public IReadOnlyList<ItemSet> ItemSets { get; init; } = [PublishedWords.Set];

    /// <summary>The prompt sets to complete.</summary>
    public IReadOnlyList<PromptSet> PromptSets { get; init; } =
    [PublishedPrompts.Published, PublishedPrompts.Ioi];

    /// <summary>The conditions.</summary>
    public IReadOnlyList<Arm> Arms { get; init; } = Arm.Default;

    /// <summary>Tokens of a greedy continuation, the next token included; 0 for none.</summary>
    public int ContinueTokens { get; init; } = 16;

    /// <summary>The rows that a file leaves which never started: one for each probe and arm, the item empty.</summary>
    public IEnumerable<MeasuredRow> NeverStarted(RowStatus status, string reason)
    {
        foreach (var arm in ItemSets.Count == 0 ? [] : Arms)
        {
            yield return new EchoRow
            {
                Arm = arm.Name,
                ItemSet = "",
                Status = status,
                Reason = reason,
            };
        }
        foreach (var arm in PromptSets.Count == 0 ? [] : Arms)
        {
            yield return new CompletionRow
            {
                Arm = arm.Name,
                PromptSet = "",
                Status = status,
                Reason = reason,
            };
        }
    }
}
