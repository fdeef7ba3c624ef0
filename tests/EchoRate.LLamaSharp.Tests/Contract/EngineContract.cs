namespace EchoRate.LLamaSharp.Tests.Contract;

/// <summary>
/// What every engine must do. A new engine joins by one subclass that says how to make it; a new file by one line in
/// <see cref="TestModels"/>. Nothing here knows which library computes.
/// </summary>
public abstract partial class EngineContract
{
    /// <summary>The engine, or a skipped test where it is not here.</summary>
    protected abstract IEngine Engine();

    private IModelSession Load(string model, LoadOptions? options = null) =>
        Engine().Load(TestModels.PathOf(model), options ?? Small);

    // One thread: the threads of llama.cpp spin.
    private static LoadOptions Small =>
        new()
        {
            Sequences = 32,
            BatchSize = 64,
            CacheSize = 256,
            Threads = 1,
        };

    /// <summary>Up to <paramref name="count"/> ordinary tokens, spread over the vocabulary.</summary>
    private static int[] OrdinaryTokens(IVocabulary vocabulary, int count)
    {
        var ordinary = Enumerable
            .Range(0, vocabulary.Size)
            .Where(token => vocabulary.Kind(token) == TokenKind.Normal)
            .ToArray();
        Assert.NotEmpty(ordinary);
        return
        [
            .. Enumerable
                .Range(0, Math.Min(count, ordinary.Length))
                .Select(i =>
                    ordinary[(long)i * ordinary.Length / Math.Min(count, ordinary.Length)]
                ),
        ];
    }

    /// <summary>A control token to put in front: BOS in most files, but any serves.</summary>
    private static int Prefix(IVocabulary vocabulary) =>
        Enumerable
            .Range(0, vocabulary.Size)
            .First(token => vocabulary.Kind(token) == TokenKind.Control);

    /// <summary>Evaluates tokens in sequence 0 of an empty cache and copies the logits after the last.</summary>
    private static float[] Alone(IModelSession session, params int[] tokens)
    {
        session.Clear();
        session.Decode([
            .. tokens.Select((token, i) => new BatchToken(token, i, 0, i == tokens.Length - 1)),
        ]);
        return session.Logits(tokens.Length - 1).ToArray();
    }

    /// <summary>Evaluates each token at one position of a sequence of its own; the logits of each.</summary>
    private static float[][] Together(IModelSession session, int[] tokens, int position = 0)
    {
        session.Decode([.. tokens.Select((token, i) => new BatchToken(token, position, i, true))]);
        return [.. tokens.Select((_, i) => session.Logits(i).ToArray())];
    }

    private static void Near(float[] expected, float[] actual, float within) =>
        Assert.True(
            Distance(expected, actual) <= within,
            $"logits differ by {Distance(expected, actual)}, more than {within}"
        );
}
