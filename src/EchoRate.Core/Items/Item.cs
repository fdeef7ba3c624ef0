using System.Text;
using System.Text.Json.Serialization;

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
