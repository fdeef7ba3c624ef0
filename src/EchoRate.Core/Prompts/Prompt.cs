namespace EchoRate.Core.Prompts;

/// <summary>A text to complete.</summary>
/// <param name="Id">Its name within its set.</param>
/// <param name="Text">The text.</param>
/// <param name="Expected">The text expected next, leading space and all; null where nothing in particular is.</param>
public sealed record Prompt(string Id, string Text, string? Expected = null);

/// <summary>A named set of prompts.</summary>
/// <param name="Name">The set's name in the column <c>prompt_set</c>.</param>
/// <param name="Prompts">The prompts, in order.</param>
/// <param name="Continues">Whether a greedy continuation is asked for beside the next token.</param>
public sealed record PromptSet(string Name, IReadOnlyList<Prompt> Prompts, bool Continues);
