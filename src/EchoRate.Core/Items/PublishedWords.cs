namespace EchoRate.Core.Items;

/// <summary>
/// The 27 words of the published notebook ("The Gemma model family seems to partially be trained like autoencoder", 2025-11-21): three
/// of each of nine categories, each with its leading space.
/// </summary>
public static class PublishedWords
{
    /// <summary>The set's name: <c>words</c>.</summary>
    public const string Name = "words";

    /// <summary>The set.</summary>
    public static readonly WordSet Set = new(
        Name,
        [
            .. Of("male name", "James", "John", "Michael"),
            .. Of("female name", "Mary", "Sarah", "Emma"),
            .. Of("country", "France", "Spain", "Italy"),
            .. Of("city", "Paris", "London", "Rome"),
            .. Of("colour", "red", "blue", "green"),
            .. Of("month", "January", "February", "March"),
            .. Of("emotion", "happy", "sad", "angry"),
            .. Of("action", "run", "jump", "walk"),
            .. Of("profession", "teacher", "doctor", "nurse"),
        ]
    );

    private static IEnumerable<Item> Of(string category, params string[] words) =>
        words.Select(word => new Item(" " + word, category));
}
