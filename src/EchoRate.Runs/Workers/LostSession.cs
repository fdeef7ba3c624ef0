using EchoRate.Core.Engine;

namespace EchoRate.Runs.Workers;

/// <summary>
/// A file that cannot be measured any more: its vocabulary, and a decode that always fails. Probed, it gives every row by its name, as
/// failed, just as an engine does that gives up at its first batch.
/// </summary>
internal sealed class LostSession(IVocabulary vocabulary, LoadOptions options, string failure)
    : IModelSession
{
    public IVocabulary Vocabulary => vocabulary;

    public SessionReport Report { get; } =
        new()
        {
            Backend = "",
            Device = "",
            GpuLayers = 0,
            Layers = 0,
            Threads = 0,
            AddsBos = false,
        };

    public int SequenceCount => options.Sequences;

    public int BatchSize => Math.Max(options.BatchSize, options.Sequences);

    public int CacheSize => options.CacheSize;

    public bool CanKeepBeginning => true;

    public void Clear() { }

    public void CopySequence(int source, int destination) { }

    public void TruncateSequence(int sequence, int fromPosition) { }

    public void Decode(ReadOnlySpan<BatchToken> batch) => throw new EngineException(failure);

    public ReadOnlySpan<float> Logits(int batchIndex) =>
        throw new InvalidOperationException("nothing was decoded");

    public void Dispose() { }
}
