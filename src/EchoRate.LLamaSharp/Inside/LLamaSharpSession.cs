using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Exact;
using EchoRate.LLamaSharp.Interop;
using LLama.Native;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>
/// One model and one of its contexts. Everything that would trip an assertion of ggml, and so end the process, is refused first (ids,
/// sequences, positions, sizes, rows without logits); llama.cpp keeps the same figures, but asking it walks the cache.
/// </summary>
internal sealed class LLamaSharpSession(
    SafeLlamaModelHandle model,
    SafeLLamaContextHandle context,
    LLamaSharpVocabulary vocabulary,
    SessionReport report,
    LoadOptions options,
    string path
) : IModelSession
{
    private readonly nint _memory = MissingApi.llama_get_memory(context);
    private readonly LLamaBatch _batch = new();
    private readonly Lock _rowLock = new();

    // Tokens in the cache, by sequence; equal to the next position.
    private readonly int[] _lengths = new int[options.Sequences + 1];
    private readonly int[] _lengthsAfter = new int[options.Sequences + 1];
    private bool[] _wantsLogits = [];
    private readonly Attention? _attention;
    private readonly Sinks? _sinks;
    private bool _failed;
    public IVocabulary Vocabulary => vocabulary;
    public SessionReport Report => report;
    public IModelSession? Second { get; init; }
    public int SequenceCount => options.Sequences;
    public required int BatchSize { get; init; }

    /// <summary>What computes this context's products exactly; null where the library does.</summary>
    internal ExactProducts? Exact { get; init; }

    /// <summary>What sees this context's graph; null where nobody looks.</summary>
    internal GraphTap? Tap
    {
        get;
        init
        {
            field = value;
            if (value is null)
            {
                return;
            }
            _attention = new Attention(this, value, model.LayerCount, path);
            _sinks = _attention.Sinks = new Sinks(
                this,
                value,
                _attention,
                model.LayerCount,
                model.EmbeddingSize
            );
            Residuals = new Residuals(
                this,
                value,
                _sinks,
                model.LayerCount,
                model.EmbeddingSize,
                path
            );
        }
    }
    public IResiduals? Residuals { get; private init; }
    public ISinks? Sinks => _sinks;
    public int CacheSize => options.CacheSize;

    public bool CanKeepBeginning { get; } =
        !model.IsRecurrent && !MissingApi.llama_model_is_hybrid(model);

    public void Clear()
    {
        CheckUsable();
        context.MemoryClear(data: true);
        Array.Clear(_lengths);
        _attention?.Cells.Clear();
    }

    public void CopySequence(int source, int destination)
    {
        CheckUsable();
        CheckSequence(source);
        CheckSequence(destination);
        if (source == destination || _lengths[destination] > 0)
        {
            throw new ArgumentException(
                $"sequence {destination} holds {_lengths[destination]} tokens: a copy needs an empty sequence other than its source"
            );
        }
        context.MemorySequenceCopy((LLamaSeqId)source, (LLamaSeqId)destination, -1, -1);
        _lengths[destination] = _lengths[source];
        _attention?.Cells.Copy(source, destination);
        _sinks?.Copy(source, destination);
    }

    public void TruncateSequence(int sequence, int fromPosition)
    {
        CheckUsable();
        CheckSequence(sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(fromPosition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromPosition, _lengths[sequence]);
        if (fromPosition == _lengths[sequence])
        {
            return;
        }

        // The handle's own method drops the answer.
        if (!NativeApi.llama_memory_seq_rm(_memory, (LLamaSeqId)sequence, fromPosition, -1))
        {
            throw new EngineException(
                $"llama_memory_seq_rm: {path}: the model cannot forget the end of a sequence (its state is recurrent); clear the sequence and decode it again"
            );
        }
        _lengths[sequence] = fromPosition;
        _attention?.Cells.Truncate(sequence, fromPosition);
    }

    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        if (_sinks is not null && options.Shows == Insight.Layers)
        {
            _sinks.Decode(batch);
        }
        else
        {
            Evaluate(batch);
        }
    }

    public void DecodeWatched(ReadOnlySpan<BatchToken> batch, IReadOnlyList<AttentionCut?> cuts) =>
        (
            _attention
            ?? throw new InvalidOperationException("nobody asked this session for its attention")
        ).Decode(batch, cuts);

    /// <summary>Evaluates a batch without a look at it.</summary>
    internal void Evaluate(ReadOnlySpan<BatchToken> batch)
    {
        CheckUsable();
        CheckBatch(batch);
        options.BeforeDecode?.Invoke();
        _failed = true;
        _batch.Clear();
        var wantsLogits = new bool[batch.Length];
        for (var i = 0; i < batch.Length; i++)
        {
            var (token, position, sequence, wanted) = batch[i];
            _batch.Add(token, position, (LLamaSeqId)sequence, wanted);
            wantsLogits[i] = wanted;
        }
        using var log = new LogScope(options.Log);
        _wantsLogits = [];
        var products = Exact?.Count;
        var result = (int)context.Decode(_batch);
        if (Exact?.Failure is { } failure)
        {
            throw new EngineException(
                $"{path}: exact arithmetic failed: {failure}; measure with --arithmetic library"
            );
        }
        NativeFailure.CheckDecode(result, path, log);
        if (Exact is { TakenWeights: > 0 } exact && exact.Count == products)
        {
            throw new EngineException(
                $"{path}: llama.cpp computed a batch past the exact backend; measure with --arithmetic library"
            );
        }
        _wantsLogits = wantsLogits;
        _lengthsAfter.CopyTo(_lengths, 0);
        _failed = false;
    }

    public ReadOnlySpan<float> Logits(int batchIndex)
    {
        CheckUsable();
        ArgumentOutOfRangeException.ThrowIfNegative(batchIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batchIndex, _wantsLogits.Length);
        if (!_wantsLogits[batchIndex])
        {
            throw new ArgumentException(
                $"token {batchIndex} of the last batch did not want logits",
                nameof(batchIndex)
            );
        }

        // The first question after a batch puts llama.cpp's output buffer in order; reading the rows needs no lock.
        lock (_rowLock)
        {
            return context.GetLogitsIth(batchIndex);
        }
    }

    public void Dispose()
    {
        Second?.Dispose();
        using var log = new LogScope(options.Log);
        context.Dispose();
        model.Dispose();
        Exact?.Dispose();
        Tap?.Dispose();
    }

    private void CheckUsable()
    {
        ObjectDisposedException.ThrowIf(context.IsClosed, this);
        if (_failed)
        {
            throw new InvalidOperationException(
                "an earlier batch failed: this session is of no further use"
            );
        }
    }

    private void CheckSequence(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence, SequenceCount);
    }

    private void CheckBatch(ReadOnlySpan<BatchToken> batch)
    {
        if (batch.IsEmpty || batch.Length > BatchSize)
        {
            throw new ArgumentException(
                $"a batch has 1 to {BatchSize} tokens, not {batch.Length}",
                nameof(batch)
            );
        }
        _lengths.CopyTo(_lengthsAfter, 0);
        var wanted = 0;
        for (var i = 0; i < batch.Length; i++)
        {
            var (token, position, sequence, wantsLogits) = batch[i];
            wanted += wantsLogits ? 1 : 0;
            if ((uint)token >= (uint)vocabulary.Size)
            {
                throw Wrong($"id {token} is not in 0 to {vocabulary.Size - 1}");
            }
            if ((uint)sequence > (uint)SequenceCount)
            {
                throw Wrong(
                    $"sequence {sequence} is not in 0 to {SequenceCount - 1}, nor {SequenceCount} for padding"
                );
            }
            if (position != _lengthsAfter[sequence])
            {
                throw Wrong(
                    $"position {position} in sequence {sequence}, where {_lengthsAfter[sequence]} comes next"
                );
            }
            if (position >= CacheSize)
            {
                throw Wrong($"sequence {sequence} holds at most {CacheSize} tokens");
            }
            if (wanted > SequenceCount)
            {
                throw Wrong($"at most {SequenceCount} tokens of a batch want logits");
            }
            _lengthsAfter[sequence]++;
            ArgumentException Wrong(string what) => new($"token {i}: {what}");
        }
    }
}
