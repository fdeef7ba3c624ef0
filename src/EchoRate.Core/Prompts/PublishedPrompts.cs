using EchoRate.Core.Items;

namespace EchoRate.Core.Prompts;

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
