using EchoRate.LLamaSharp.Loading;

namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>A file on the way that a run takes it: its header read, its facts turned into Core's, the model loaded, ready to be probed.</summary>
internal sealed class OpenFile : IDisposable
{
    private OpenFile(GgufFile header, ModelFacts facts, IModelSession session)
    {
        (Tokenizer, Session) = (GgufTokenizer.Of(header.Metadata), session);
        Context = new ProbeContext(facts, session);
    }

    internal GgufTokenizer Tokenizer { get; }

    internal IModelSession Session { get; }

    internal ProbeContext Context { get; }

    internal IVocabulary Vocabulary => Session.Vocabulary;

    internal static OpenFile Open(
        string path,
        int sequences = 32,
        Func<LoadOptions, LoadOptions>? with = null
    )
    {
        var header = GgufFile.Read(path);
        var facts = ModelFacts.From(header);
        var options = new LoadOptions
        {
            Sequences = sequences,
            CacheSize = LoadOptions.DefaultBatchSize + 1,
            Threads = 1,
            WithoutSpacePrefix = facts.SpacePrefixForced,
        };
        return new OpenFile(
            header,
            facts,
            new LLamaSharpEngine(TestLibrary.Load(), threads: 1).Load(
                path,
                with?.Invoke(options) ?? options
            )
        );
    }

    /// <summary>The token of a word.</summary>
    internal int Id(string word) => Context.Finder.Find(Encoding.UTF8.GetBytes(word)).Token!.Id;

    /// <summary>The logits after the last of these tokens, in an empty cache.</summary>
    internal float[] After(params int[] tokens)
    {
        Session.Clear();
        Session.Decode([
            .. tokens.Select((token, i) => new BatchToken(token, i, 0, i == tokens.Length - 1)),
        ]);
        return Session.Logits(tokens.Length - 1).ToArray();
    }

    public void Dispose() => Session.Dispose();
}
