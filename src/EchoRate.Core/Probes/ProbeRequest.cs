using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
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

    /// <summary>The prefixes of the arm <c>neutral</c>.</summary>
    public NeutralPrefixes Neutral { get; init; } = new();

    /// <summary>A part of the rows, to be measured once more in the other arithmetic; null for all of them.</summary>
    public RowSample? Sample { get; init; }

    /// <summary>What is asked instead of echoes and completions; null for those.</summary>
    public Look? Look { get; init; }

    /// <summary>Echoes and completions of a file that starts, at most: a vocabulary may have fewer words or prefixes than asked for.</summary>
    public long RowCount(ModelFacts facts) => CountRows(set => set.MostItems(facts));

    /// <summary>Of those, how many at most whose divergence from a reference is computed.</summary>
    public long SampledRowCount(ModelFacts facts) => CountRows(set => set.MostSampled(facts));

    /// <summary>Prefixes of all arms together, at most.</summary>
    internal int PrefixCount
    {
        get
        {
            const int newlineAndEos = 2;
            return Arms.Sum(arm => arm == Arm.Neutral ? Neutral.Count + newlineAndEos : 1);
        }
    }

    private long CountRows(Func<ItemSet, int> count)
    {
        return PrefixCount
            * (
                ItemSets.Sum(set => Math.Min(count(set), Sample?.Items ?? long.MaxValue))
                + PromptSets.Sum(set =>
                    Math.Min(set.Prompts.Count, Sample?.Prompts ?? int.MaxValue)
                )
            );
    }

    /// <summary>Tokens of the longest prompt at most: no token is shorter than a byte, and a tokenizer may put a space in front. 0 without prompts.</summary>
    public int LongestPrompt =>
        PromptSets
            .SelectMany(set => set.Prompts)
            .Select(prompt => Encoding.UTF8.GetByteCount(prompt.Text) + 1)
            .DefaultIfEmpty(0)
            .Max();

    /// <summary>What a context must hold for a file, whose vocabulary is not known before it is loaded.</summary>
    /// <param name="facts">The file.</param>
    /// <param name="limits">What the engine or the user allows: <see cref="LoadOptions.Sequences"/> is the most rows in one batch.</param>
    public LoadOptions Plan(ModelFacts facts, LoadOptions limits)
    {
        if (Look is { } look)
        {
            return look.Plan(facts, this with { Look = null }, limits);
        }
        const int prefix = BatchPlan.Multiple;
        var rows = Math.Max(
            ItemSets.Select(set => set.MostItems(facts)).DefaultIfEmpty(0).Max(),
            PromptSets.Sum(set => set.Prompts.Count)
        );
        var sequences = BatchPlan.Padded(Math.Clamp(rows, 1, limits.Sequences));
        var batch = Math.Max(sequences, limits.BatchSize);
        return limits with
        {
            Sequences = sequences,
            BatchSize = batch,
            CacheSize =
                prefix + BatchPlan.Multiple + Math.Max(batch, LongestPrompt + ContinueTokens),
        };
    }

    /// <summary>The rows that a file leaves which never started: one for each probe and arm, the item empty.</summary>
    public IEnumerable<MeasuredRow> NeverStarted(RowStatus status, string reason)
    {
        var place = 0L;
        foreach (var arm in ItemSets.Count == 0 && Look is null ? [] : Arms)
        {
            var row = Look?.Unnamed() ?? new EchoRow();
            (row.Place, row.Arm) = (place++, arm.Name);
            (row.Status, row.Reason) = (status, reason);
            yield return row;
        }
        foreach (var arm in PromptSets.Count == 0 || Look is not null ? [] : Arms)
        {
            yield return new CompletionRow
            {
                Place = place++,
                Arm = arm.Name,
                PromptSet = null,
                Status = status,
                Reason = reason,
            };
        }
    }
}

/// <summary>A seeded part of every set of a request, so many items or prompts at most: all of a set that is smaller.</summary>
public sealed record RowSample(int Items, int Prompts, int Seed)
{
    private const string Purpose = "arithmetic";

    internal IReadOnlyList<ResolvedItem> Of(IReadOnlyList<ResolvedItem> items) =>
        items.Count <= Items
            ? items
            :
            [
                .. SeededDraw
                    .Draw([.. Enumerable.Range(0, items.Count)], Items, Seed, Purpose)
                    .Select(index => items[index]),
            ];

    internal PromptSet Of(PromptSet set) =>
        set with
        {
            Prompts = SeededDraw.Draw(set.Prompts, Prompts, Seed, Purpose),
        };
}
