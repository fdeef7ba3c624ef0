using EchoRate.Core.Engine;

namespace EchoRate.Runs.Workers;

/// <summary>An engine whose batches are counted, so that a sign of life tells whether they go on.</summary>
internal sealed class WatchedEngine(IEngine engine, WorkerVoice voice) : IEngine
{
    public string Name => engine.Name;

    public string Version => engine.Version;

    public EngineReport Report => engine.Report;

    public IModelSession Load(string path, LoadOptions options) =>
        new Session(engine.Load(path, options), voice);

    public ILoadedVocabulary LoadVocabulary(
        string path,
        IReadOnlyDictionary<string, bool> metadataOverrides,
        Action<string>? log = null
    ) => engine.LoadVocabulary(path, metadataOverrides, log);

    private sealed class Session(IModelSession session, WorkerVoice voice) : IModelSession
    {
        public IVocabulary Vocabulary => session.Vocabulary;

        public SessionReport Report => session.Report;

        public IModelSession? Second { get; } =
            session.Second is { } second ? new Session(second, voice) : null;

        public int SequenceCount => session.SequenceCount;

        public int BatchSize => session.BatchSize;

        public int CacheSize => session.CacheSize;

        public bool CanKeepBeginning => session.CanKeepBeginning;

        public void Clear() => session.Clear();

        public void CopySequence(int source, int destination) =>
            session.CopySequence(source, destination);

        public void TruncateSequence(int sequence, int fromPosition) =>
            session.TruncateSequence(sequence, fromPosition);

        public void Decode(ReadOnlySpan<BatchToken> batch)
        {
            voice.BeforeDecode();
            session.Decode(batch);
            voice.AfterDecode();
        }

        public ReadOnlySpan<float> Logits(int batchIndex) => session.Logits(batchIndex);

        public void Dispose() => session.Dispose();
    }
}
