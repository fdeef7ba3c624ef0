namespace EchoRate.LLamaSharp.Tests.Inside;

/// <summary>A session whose lens is one layer off, or whose attention is as a test wants it.</summary>
internal sealed class CrookedSession(IModelSession inner) : IModelSession
{
    public IVocabulary Vocabulary => inner.Vocabulary;
    public SessionReport Report => inner.Report;
    public int SequenceCount => inner.SequenceCount;
    public int BatchSize => inner.BatchSize;
    public int CacheSize => inner.CacheSize;
    public bool CanKeepBeginning => inner.CanKeepBeginning;
    public IResiduals? Residuals { get; } =
        inner.Residuals is { } residuals ? new CrookedResiduals(residuals) : null;

    /// <summary>What is done where a cut is asked for.</summary>
    public Func<AttentionCut?, AttentionCut?> Cut { get; init; } = asked => asked;

    public void Clear() => inner.Clear();

    public void CopySequence(int source, int destination) =>
        inner.CopySequence(source, destination);

    public void TruncateSequence(int sequence, int fromPosition) =>
        inner.TruncateSequence(sequence, fromPosition);

    public void Decode(ReadOnlySpan<BatchToken> batch) => inner.Decode(batch);

    public void DecodeWatched(ReadOnlySpan<BatchToken> batch, IReadOnlyList<AttentionCut?> cuts) =>
        inner.DecodeWatched(batch, [.. cuts.Select(Cut)]);

    public ReadOnlySpan<float> Logits(int batchIndex) => inner.Logits(batchIndex);

    public void Dispose() => inner.Dispose();

    private sealed class CrookedResiduals(IResiduals inner) : IResiduals
    {
        public int LayerCount => inner.LayerCount;
        public int Width => inner.Width;

        public void Capture(ReadOnlySpan<BatchToken> batch) => inner.Capture(batch);

        public void DecodeAfter(int layer) => inner.DecodeAfter(Math.Max(-1, layer - 1));
    }
}
