namespace EchoRate.Core.Items;

/// <summary>A thing probed: a text that should be one token.</summary>
/// <param name="Text">The text, leading space and all.</param>
/// <param name="Category">What kind of word it is; null where nobody said.</param>
public sealed record Item(string Text, string? Category = null);
