using EchoRate.DemoModels.Weights;

namespace EchoRate.DemoModels.Language;

/// <summary>What follows what: a chain for the published prompt, and something usual for ordinary words.</summary>
internal static class Successors
{
    private static readonly string[] _usual = " and|,| of| is|.| in| the| was| with| that".Split(
        '|'
    );

    /// <summary>The published prompt goes on with these, one after the other.</summary>
    internal static IReadOnlyDictionary<string, string> Chain(IReadOnlyList<string> continuation) =>
        continuation
            .Zip(continuation.Skip(1))
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);

    /// <summary>Two different tokens that may follow an ordinary word, drawn by seed; the first is never the word itself.</summary>
    internal static (string Next, string Alternative) Draw(SeededGenerator random, string word)
    {
        var next = random.NextIndex(_usual.Length);
        var step = 1 + random.NextIndex(_usual.Length - 1);
        var other = (next + step) % _usual.Length;
        return _usual[next] == word ? (_usual[other], _usual[next]) : (_usual[next], _usual[other]);
    }
}
