using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>One item set under one prefix, laid into batches. The layout follows from the set and the session alone: every arm has the same.</summary>
internal sealed record EchoSet(
    ProbeContext Context,
    string Name,
    IReadOnlyList<ResolvedItem> Items,
    ArmPrefix Prefix,
    long FirstPlace
)
{
    /// <summary>One-token rows that each batch decodes but the last, padding included.</summary>
    public int Width { get; } =
        BatchPlan.Width(
            Items is TokenItems ? Items.Count : Items.Count(item => item.Token is not null),
            Context.Session.SequenceCount
        );

    public IReadOnlyList<Range> Batches() =>
        BatchPlan.Ranges(
            Items.Count,
            Width,
            // Every token item has a token; none need be made to know that.
            item => Items is TokenItems || Items[item].Token is not null
        );

    /// <summary>The rows of a batch before anything is measured: their condition, their token, and what already bars them.</summary>
    public IEnumerable<TRow> Blank<TRow>(Range batch)
        where TRow : EchoRow, new()
    {
        for (var i = batch.Start.Value; i < batch.End.Value; i++)
        {
            yield return Blank<TRow>(Items[i], FirstPlace + i);
        }
    }

    /// <summary>An item's row before anything is measured.</summary>
    public TRow Blank<TRow>(in ResolvedItem item, long place)
        where TRow : EchoRow, new()
    {
        var token = item.Token;
        var goesIn = Prefix.Missing is null && token is not null;
        return new TRow
        {
            Place = place,
            Arm = Prefix.Arm.Name,
            Prefix = Prefix.Token,
            InputIds = goesIn ? [.. Prefix.Ids, token!.Id] : null,
            Status =
                Prefix.Missing is not null ? Prefix.MissingStatus
                : token is null ? RowStatus.NotSingleToken
                : RowStatus.Ok,
            Flags = goesIn ? Context.FlagsOf(token!.Id) : [],
            Reason = Prefix.Missing ?? (token is null ? item.Reason : null),
            ItemSet = Name,
            Item = item.Item.Bytes,
            Category = item.Item.Category,
            Token = token,
            TokenizedIds =
                Prefix.Missing is null && token is null && item.Ids.Length > 0 ? item.Ids : null,
            VocabularyQuantile = (double?)token?.Id / Context.Session.Vocabulary.Size,
            PublishedTop1 = Context.PublishedCell(Prefix.Arm, item.Item),
        };
    }
}
