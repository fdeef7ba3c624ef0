namespace EchoRate.Core.Results;

/// <summary>One lone token fed under one arm: does the model give it back? One row of <c>echo.csv</c>.</summary>
public sealed record EchoRow : MeasuredRow
{
    private EchoValues _values;

    /// <inheritdoc />
    public override bool? Outcome => Echo;

    /// <inheritdoc />
    public override double? Margin => EchoMargin;

    /// <inheritdoc />
    public override double? ScoredLogProb => TokenLogProb;

    /// <inheritdoc />
    public override TokenBytes? Answer => Top1;

    /// <inheritdoc />
    public override string? Set => ItemSet;

    /// <summary>The set that the item belongs to: <c>words</c>, <c>sample:500</c>, a file's name; null in the row that a file leaves which never started.</summary>
    public required string? ItemSet
    {
        get => _values.ItemSet;
        init => _values.ItemSet = value;
    }

    /// <summary>The item's bytes, leading space and all; null in the one row that a file leaves which never started.</summary>
    public byte[]? Item
    {
        get => _values.Item;
        init => _values.Item = value;
    }

    /// <summary>The item's category, for example <c>male name</c>.</summary>
    public string? Category
    {
        get => _values.Category;
        init => _values.Category = value;
    }

    /// <summary>The item's token; null where it is not a single one.</summary>
    public TokenBytes? Token
    {
        get => _values.Token;
        init => _values.Token = value;
    }

    /// <summary>The ids that tokenizing the item gives, where that is not its one token; they stand in <see cref="MeasuredRow.Reason"/> too.</summary>
    public int[]? TokenizedIds
    {
        get => _values.TokenizedIds;
        init => _values.TokenizedIds = value;
    }

    /// <summary>Token id ÷ vocabulary size, 0 to 1: high ids are rare words in most vocabularies.</summary>
    public double? VocabularyQuantile
    {
        get => _values.VocabularyQuantile;
        init => _values.VocabularyQuantile = value;
    }

    /// <summary>The most likely next token.</summary>
    public TokenBytes? Top1
    {
        get => _values.Top1;
        init => _values.Top1 = value;
    }

    /// <summary>Whether the most likely next token is the input token.</summary>
    public bool? Echo
    {
        get => _values.Echo;
        init => _values.Echo = value;
    }

    /// <summary>How close the most likely next token comes.</summary>
    public EchoClass? EchoClass
    {
        get => _values.EchoClass;
        init => _values.EchoClass = value;
    }

    /// <summary>Log-probability of the input token minus the best of all others, in nats: positive exactly when it echoes.</summary>
    public double? EchoMargin
    {
        get => _values.EchoMargin;
        init => _values.EchoMargin = value;
    }

    /// <summary>Log-probability of the input token, in nats.</summary>
    public double? TokenLogProb
    {
        get => _values.TokenLogProb;
        init => _values.TokenLogProb = value;
    }

    /// <summary>Rank of the input token; 1 is the top.</summary>
    public int? TokenRank
    {
        get => _values.TokenRank;
        init => _values.TokenRank = value;
    }

    /// <summary>Log-probability of the most likely next token, in nats.</summary>
    public double? Top1LogProb
    {
        get => _values.Top1LogProb;
        init => _values.Top1LogProb = value;
    }

    /// <summary>This file's log-probability of the input token minus the reference's, in nats.</summary>
    public double? DeltaTokenLogProb
    {
        get => _values.DeltaTokenLogProb;
        init => _values.DeltaTokenLogProb = value;
    }

    /// <summary>The published table's cell: the bytes of what came back there.</summary>
    public byte[]? PublishedTop1
    {
        get => _values.PublishedTop1;
        init => _values.PublishedTop1 = value;
    }

    /// <summary>Rank of the published cell's token here.</summary>
    public int? PublishedRank
    {
        get => _values.PublishedRank;
        init => _values.PublishedRank = value;
    }

    /// <summary>Log-probability of this file's top-1 minus that of the published token, in nats.</summary>
    public double? PublishedGap
    {
        get => _values.PublishedGap;
        init => _values.PublishedGap = value;
    }

    /// <summary>
    /// A row of these values. Runs make rows by the million, one after another, and most are looked at once: they may all be one object.
    /// </summary>
    /// <param name="common">What every kind of row holds.</param>
    /// <param name="values">The rest.</param>
    /// <param name="again">A row that nobody needs any more, which becomes this one; null for a new one.</param>
    internal static EchoRow Of(
        in MeasuredValues common,
        in EchoValues values,
        EchoRow? again = null
    )
    {
        var row =
            again
            ?? new EchoRow
            {
                Arm = "",
                ItemSet = null,
                Status = RowStatus.Ok,
            };
        (row.Common, row._values) = (common, values);
        return row;
    }
}
