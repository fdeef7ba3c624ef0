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
            MetadataOverrides = facts.Overrides(),
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

    public void Dispose() => Session.Dispose();
}
