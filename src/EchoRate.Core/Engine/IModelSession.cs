namespace EchoRate.Core.Engine;

/// <summary>
/// One loaded model with a context: sequences, a KV cache, and logits of the last batch. For one thread at a time, but for
/// <see cref="Logits"/>.
/// </summary>
public interface IModelSession : IDisposable
{
    /// <summary>The vocabulary as the engine sees it.</summary>
    IVocabulary Vocabulary { get; }

    /// <summary>What was really loaded, and where.</summary>
    SessionReport Report { get; }

    /// <summary>
    /// Another context on the same weights, with sequences, a KV cache and logits of its own: it may decode on another thread while this
    /// one's logits are read. Null where <see cref="LoadOptions.Contexts"/> asks for one alone, and where memory did not suffice for a second.
    /// It is disposed with this one.
    /// </summary>
    IModelSession? Second => null;

    /// <summary>What goes on between the layers; null where <see cref="LoadOptions.Shows"/> does not ask for it.</summary>
    IResiduals? Residuals => null;

    /// <summary>What the last batch shows of attention sinks; null where <see cref="LoadOptions.Shows"/> asks for nothing.</summary>
    ISinks? Sinks => null;

    /// <summary>Most sequences that live at once, and most tokens of a batch that want logits; sequence ids run from 0 to this minus 1.</summary>
    int SequenceCount { get; }

    /// <summary>One sequence more, in which no row stands: for tokens that fill a batch, or the cache behind a prefix, up to a multiple of 16.</summary>
    int PaddingSequence => SequenceCount;

    /// <summary>Most tokens that one <see cref="Decode"/> takes.</summary>
    int BatchSize { get; }

    /// <summary>Most tokens in the KV cache, all sequences together; a shared prefix counts once.</summary>
    int CacheSize { get; }

    /// <summary>
    /// Empties the KV cache, values and all: every sequence is new again. Sequences share one cache, so a row with logits that
    /// are not finite spoils its whole batch, and truncating leaves its values behind: clear, and measure the batch's rows one by one.
    /// </summary>
    void Clear();

    /// <summary>Copies the cached tokens of one sequence into another, which must be empty.</summary>
    void CopySequence(int source, int destination);

    /// <summary>
    /// Whether <see cref="TruncateSequence"/> can keep a beginning; a recurrent model, whose state is a sum of all it saw, can only forget
    /// a sequence whole.
    /// </summary>
    bool CanKeepBeginning { get; }

    /// <summary>Forgets the tokens of a sequence from a position (0-based) on; 0 forgets all of it.</summary>
    void TruncateSequence(int sequence, int fromPosition);

    /// <summary>Evaluates a batch, in the order given, and keeps the logits of the tokens that want them.</summary>
    /// <exception cref="EngineException">The library refused or failed; the session is of no further use.</exception>
    void Decode(ReadOnlySpan<BatchToken> batch);

    /// <summary>
    /// Evaluates a batch as <see cref="Decode"/> does, under watch, where <see cref="LoadOptions.Shows"/> asks for the attention: a token attends to the rest as if a cut's positions were masked.
    /// A token can be kept only from what this decoded in front of it (sequences may be copied and truncated in between).
    /// </summary>
    /// <param name="batch">The tokens.</param>
    /// <param name="cuts">For each token how its attention is cut; null leaves it alone. Shorter than the batch: nothing is cut behind its end.</param>
    /// <exception cref="EngineException">The architecture does not show its attention, or the library failed.</exception>
    void DecodeWatched(ReadOnlySpan<BatchToken> batch, IReadOnlyList<AttentionCut?> cuts) =>
        throw new NotSupportedException("the session does not show its attention");

    /// <summary>
    /// The logits after the batch's token at <paramref name="batchIndex"/>, which must have wanted them: length <see cref="IVocabulary.Size"/>,
    /// in the order of token ids. Borrowed: valid until the next <see cref="Decode"/>. Several threads may ask at once.
    /// </summary>
    ReadOnlySpan<float> Logits(int batchIndex);
}
