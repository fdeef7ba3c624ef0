using EchoRate.DemoModels.Vocabulary;
using PublishedWords = EchoRate.DemoModels.Language.PublishedWords;

namespace EchoRate.Testing;

/// <summary>An SPM vocabulary of exactly so many entries, for measuring: the published words, and as many made-up ones (' ba', ' bab', …) as it takes.</summary>
public static class SizedVocabulary
{
    private const string Consonants = "bcdfghjklmnpqrstvwxyz";
    private const string Vowels = "aeiou";

    // Control tokens, the unknown token and one token for each byte.
    private const int SpecialCount = 4 + 256;

    /// <summary>The vocabulary; each word is one token because all its beginnings are there too.</summary>
    public static ConstructedVocabulary Of(int size)
    {
        char[] letters =
        [
            .. PublishedWords
                .All.SelectMany(word => word.Text)
                .Concat(Consonants + Vowels + ' ')
                .Distinct(),
        ];
        // ' J', ' Ja', … ' James': nothing else can be joined on the way.
        var pieces = PublishedWords
            .All.SelectMany(word =>
                Enumerable.Range(2, word.Text.Length - 1).Select(length => word.Text[..length])
            )
            .Concat(MadeUp())
            .Distinct(StringComparer.Ordinal)
            .Take(size - SpecialCount - letters.Length);
        return SpmVocabulary.Of([.. pieces], letters);
    }

    // Consonants and vowels in turn, shorter words first, each behind its own beginnings.
    private static IEnumerable<string> MadeUp()
    {
        for (string[] words = [" "]; ; )
        {
            var letters = words[0].Length % 2 == 1 ? Consonants : Vowels;
            words = [.. words.SelectMany(_ => letters, (word, letter) => word + letter)];
            foreach (var word in words)
            {
                yield return word;
            }
        }
    }
}
