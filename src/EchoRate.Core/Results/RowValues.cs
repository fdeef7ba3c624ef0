namespace EchoRate.Core.Results;

/// <summary>The values of a <see cref="MeasuredRow"/>, under its names.</summary>
internal record struct MeasuredValues
{
    public long Place;
    public string? Arm;
    public TokenBytes? Prefix;
    public int[]? InputIds;
    public double? Entropy;
    public bool? NearTie;
    public string? ReferenceFileId;
    public TokenBytes? ReferenceTop1;
    public double? ReferenceTop1LogProb;
    public double? ReferenceTop1LogProbHere;
    public double? Kld;
    public bool? Flip;
    public bool? PublishedMatch;
    public RowStatus Status;
    public string[]? Flags;
    public string? Reason;
}

/// <summary>The values that an <see cref="EchoRow"/> has beside <see cref="MeasuredValues"/>, under its names.</summary>
internal record struct EchoValues
{
    public string? ItemSet;
    public byte[]? Item;
    public string? Category;
    public TokenBytes? Token;
    public int[]? TokenizedIds;
    public double? VocabularyQuantile;
    public TokenBytes? Top1;
    public bool? Echo;
    public EchoClass? EchoClass;
    public double? EchoMargin;
    public double? TokenLogProb;
    public int? TokenRank;
    public double? Top1LogProb;
    public double? DeltaTokenLogProb;
    public byte[]? PublishedTop1;
    public int? PublishedRank;
    public double? PublishedGap;
}
