namespace EchoRate.Core.Results;

/// <summary>One word behind one prefix: does the model give it back? One row of <c>prefixes.csv</c>.</summary>
public sealed record PrefixRow : LookRow
{
    public override string Probe => "prefixes";

    /// <summary>What stands in front. Null where nothing was measured.</summary>
    public PrefixKind? PrefixKind { get; set; }
}

/// <summary>What kind of token stands in front of a word.</summary>
public enum PrefixKind
{
    /// <summary>None: the control.</summary>
    None,

    /// <summary>The beginning of a sequence, as the file declares it.</summary>
    Bos,

    /// <summary>The end of a sequence, as the file declares it.</summary>
    Eos,

    /// <summary>Another control token of the vocabulary.</summary>
    Special,

    /// <summary>A control token that nobody uses, such as <c>&lt;unused7&gt;</c>.</summary>
    Reserved,

    /// <summary>A token that stands for text.</summary>
    Ordinary,
}
