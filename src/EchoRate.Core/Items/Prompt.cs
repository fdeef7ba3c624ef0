namespace EchoRate.Core.Items;

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

/// <summary>The published prompt (indirect object identification) and its variations over the six names of <see cref="PublishedWords"/>.</summary>
public static class PublishedPrompts
{
    /// <summary>The published prompt alone, with a continuation.</summary>
    public static readonly PromptSet Published = new(
        "published",
        [new Prompt("published", Sentence("John", "Mary", "John"), " Mary")],
        true
    );

    /// <summary>
    /// The same sentence for all ordered pairs of the six names, with the giver named first and second: 60 prompts, next token only.
    /// </summary>
    public static readonly PromptSet Ioi = new("ioi", [.. Pairs()], false);

    private static IEnumerable<Prompt> Pairs()
    {
        var names = PublishedWords
            .Set.Items.Where(item => item.Category is "male name" or "female name")
            .Select(item => item.Text.Trim());
        foreach (var first in names)
        {
            foreach (var second in names.Where(name => name != first))
            {
                yield return new Prompt(
                    $"{first}-{second}-{first}",
                    Sentence(first, second, first),
                    " " + second
                );
                yield return new Prompt(
                    $"{first}-{second}-{second}",
                    Sentence(first, second, second),
                    " " + first
                );
            }
        }
    }

    private static string Sentence(string first, string second, string giver) =>
        $"When {first} and {second} went to the store, {giver} gave the bag to";
}
