namespace EchoRate.DemoModels.Language;

/// <summary>Made-up words without end: a space and consonants and vowels in turn, shorter ones first.</summary>
internal static class SyllableWords
{
    private const string Consonants = "bcdfghjklmnpqrstvwxyz";
    private const string Vowels = "aeiou";

    /// <summary>All letters that they are made of.</summary>
    internal static IEnumerable<char> Letters => Consonants.Concat(Vowels);

    /// <summary>All of them, each behind its own beginnings.</summary>
    internal static IEnumerable<string> All()
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
