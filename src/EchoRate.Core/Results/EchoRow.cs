using System.Text.Json.Serialization;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Results;

/// <summary>One lone token fed under one arm: does the model give it back? One row of <c>echo.csv</c>.</summary>
public record EchoRow : MeasuredRow
{
    public override string Probe => "echo";
    public override int? Rank => TokenRank;
    public override bool? Outcome => Echo;
    public override double? Margin => EchoMargin;
    public override double? ScoredLogProb => TokenLogProb;
    public override TokenBytes? Answer => Top1;
    public override string? Set => ItemSet;

    /// <summary>The set that the item belongs to: <c>words</c>, <c>sample:500</c>, a file's name; null in the row that a file leaves which never started.</summary>
    [JsonRequired]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ItemSet { get; set; }

    /// <summary>The item's bytes, leading space and all; null in the one row that a file leaves which never started.</summary>
    public byte[]? Item { get; set; }

    /// <summary>The item's category, for example <c>male name</c>.</summary>
    public string? Category { get; set; }

    /// <summary>The item's token; null where it is not a single one.</summary>
    public TokenBytes? Token { get; set; }

    /// <summary>What kind of text the token stands for, one of <see cref="PieceKinds.All"/>; null where there is no token.</summary>
    [JsonIgnore]
    public string? Kind => Token is null ? null : PieceKinds.Of(Token.Bytes);

    /// <summary>The ids that tokenizing the item gives, where that is not its one token; they stand in <see cref="MeasuredRow.Reason"/> too.</summary>
    public int[]? TokenizedIds { get; set; }

    /// <summary>Token id ÷ vocabulary size, 0 to 1: high ids are rare words in most vocabularies.</summary>
    public double? VocabularyQuantile { get; set; }

    /// <summary>The most likely next token.</summary>
    public TokenBytes? Top1 { get; set; }

    /// <summary>Whether the most likely next token is the input token.</summary>
    public bool? Echo { get; set; }

    /// <summary>How close the most likely next token comes.</summary>
    public EchoClass? EchoClass { get; set; }

    /// <summary>Log-probability of the input token minus the best of all others, in nats: positive exactly when it echoes.</summary>
    public double? EchoMargin { get; set; }

    /// <summary>Log-probability of the input token, in nats.</summary>
    public double? TokenLogProb { get; set; }

    /// <summary>Rank of the input token; 1 is the top.</summary>
    public int? TokenRank { get; set; }

    /// <summary>Log-probability of the most likely next token, in nats.</summary>
    public double? Top1LogProb { get; set; }

    /// <summary>This file's log-probability of the input token minus the reference's, in nats.</summary>
    public double? DeltaTokenLogProb { get; set; }

    /// <summary>The published table's cell: the bytes of what came back there.</summary>
    public byte[]? PublishedTop1 { get; set; }

    /// <summary>Rank of the published cell's token here.</summary>
    public int? PublishedRank { get; set; }

    /// <summary>Log-probability of this file's top-1 minus that of the published token, in nats.</summary>
    public double? PublishedGap { get; set; }
}

/// <summary>How close the most likely next token comes to the input token.</summary>
public enum EchoClass
{
    /// <summary>The same id: an echo.</summary>
    Exact,

    /// <summary>Another id with the same bytes.</summary>
    SameBytes,

    /// <summary>Equal but for case and leading space.</summary>
    CaseSpace,

    /// <summary>The input's bytes and more: <c>' sad'</c> → <c>' saddest'</c>.</summary>
    Extends,

    /// <summary>Something else.</summary>
    None,
}
