using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Tests.Numbers;

/// <summary>A session that keeps a copy of all logits that pass through it, by the token that they came after.</summary>
internal sealed class RecordingSession(IModelSession inner) : IModelSession
{
    /// <summary>Token, position and the logits after it, in the order of decoding.</summary>
    internal List<(int Token, int Position, float[] Logits)> Recorded { get; } = [];

    public IVocabulary Vocabulary => inner.Vocabulary;

    public SessionReport Report => inner.Report;

    public int SequenceCount => inner.SequenceCount;

    public int BatchSize => inner.BatchSize;

    public int CacheSize => inner.CacheSize;

    public bool CanKeepBeginning => inner.CanKeepBeginning;

    public void Clear() => inner.Clear();

    public void CopySequence(int source, int destination) =>
        inner.CopySequence(source, destination);

    public void TruncateSequence(int sequence, int fromPosition) =>
        inner.TruncateSequence(sequence, fromPosition);

    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        inner.Decode(batch);
        for (var i = 0; i < batch.Length; i++)
        {
            if (batch[i].WantsLogits)
            {
                Recorded.Add((batch[i].Token, batch[i].Position, inner.Logits(i).ToArray()));
            }
        }
    }

    public ReadOnlySpan<float> Logits(int batchIndex) => inner.Logits(batchIndex);

    public void Dispose() => inner.Dispose();
}
