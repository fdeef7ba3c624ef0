namespace EchoRate.Gguf;

/// <summary>The key-value pairs of a header, in the file's order.</summary>
public sealed class GgufMetadata
{
    private readonly OrderedDictionary<string, GgufValue> _entries = new(StringComparer.Ordinal);

    internal GgufMetadata() { }

    /// <summary>All keys and values, in the file's order.</summary>
    public IReadOnlyList<KeyValuePair<string, GgufValue>> Entries => _entries;

    /// <summary>How many keys there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of <paramref name="key"/>; null when the key is absent.</summary>
    public GgufValue? this[string key] => _entries.GetValueOrDefault(key);

    /// <summary>True when the key is there, whatever its type.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>The text under <paramref name="key"/>; null when absent or not a text.</summary>
    public string? Text(string key) => this[key]?.AsText();

    /// <summary>The integer of any width under <paramref name="key"/>; null when absent or not an integer.</summary>
    public long? WholeNumber(string key) => this[key]?.AsInteger();

    /// <summary>The float or integer under <paramref name="key"/>; null when absent or not a number.</summary>
    public double? Number(string key) => this[key]?.AsNumber();

    /// <summary>The truth value under <paramref name="key"/>; null when absent or not a truth value.</summary>
    public bool? Bool(string key) => this[key]?.AsBool();

    /// <summary>The array of texts under <paramref name="key"/>; null when absent or something else.</summary>
    public GgufByteStrings? Texts(string key) => this[key]?.Texts;

    /// <summary>The token id under <paramref name="key"/>; null when absent or not in the vocabulary.</summary>
    public int? TokenId(string key) =>
        WholeNumber(key) is >= 0 and var id && id < Texts(GgufKeys.Tokens)?.Count ? (int)id : null;

    /// <summary>Whether the chat template writes BOS itself, by name or by its text; null without a template.</summary>
    public bool? ChatTemplateWritesBos =>
        Text(GgufKeys.ChatTemplate) is not { } template ? null
        : TokenId(GgufKeys.Bos) is not { } bos ? false
        : template.Contains("bos_token")
            || Texts(GgufKeys.Tokens)!.Text(bos) is { Length: > 0 } piece
                && template.Contains(piece);

    internal bool TryAdd(string key, GgufValue value) => _entries.TryAdd(key, value);

    internal void Set(string key, GgufValue value) => _entries[key] = value;

    internal bool Remove(string key) => _entries.Remove(key);
}
