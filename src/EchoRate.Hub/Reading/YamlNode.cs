namespace EchoRate.Hub.Reading;

/// <summary>A piece of YAML with its place, lines and columns from 1.</summary>
internal abstract record YamlNode(int Line, int Column)
{
    /// <summary>What a message calls this kind of thing.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar; <paramref name="IsPlain"/> is false for text in quotes and block text, which is never a number or empty value.</summary>
internal sealed record YamlScalar(int Line, int Column, string Value, bool IsPlain)
    : YamlNode(Line, Column)
{
    /// <summary>True for YAML's ways to say "nothing".</summary>
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind =>
        IsNull ? "nothing"
        : IsPlain ? "the text " + Wording.Quote(Value)
        : "the quoted text " + Wording.Quote(Value);
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(int Line, int Column, IReadOnlyList<YamlNode> Items)
    : YamlNode(Line, Column)
{
    public override string Kind => "a list";
}

/// <summary>A mapping, keys as written, duplicates and all.</summary>
internal sealed record YamlMap(
    int Line,
    int Column,
    IReadOnlyList<(YamlNode Key, YamlNode Value)> Entries
) : YamlNode(Line, Column)
{
    public override string Kind => "keys with values";
}
