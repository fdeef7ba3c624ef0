using System.Text;
using System.Text.Json.Serialization;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Items;

/// <summary>A thing probed: bytes that should be one token. Usually a word; a token may also be half a character.</summary>
/// <param name="Bytes">The bytes, leading space and all.</param>
/// <param name="Category">What kind of word it is; null where nobody said.</param>
[method: JsonConstructor]
public sealed record Item(byte[] Bytes, string? Category = null)
{
    /// <summary>An item that is text.</summary>
    public Item(string text, string? category = null)
        : this(Encoding.UTF8.GetBytes(text), category) { }

    /// <summary>The bytes as text; what is not UTF-8 shows as replacement characters.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>An item as one file has it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Token">Its token; null where it is not a single one, or does not come back.</param>
/// <param name="Ids">What tokenizing it gives.</param>
/// <param name="Reason">Why there is no token; null where there is one.</param>
/// <param name="IsSampled">Whether the divergence from the reference is computed: always, but for all but a sample of a whole vocabulary.</param>
public readonly record struct ResolvedItem(
    Item Item,
    TokenBytes? Token,
    int[] Ids,
    string? Reason,
    bool IsSampled = true
);
