using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama;

/// <summary>
/// One model and one context. Everything that would trip an assertion of ggml, and so end the process, is checked here first:
/// ids, sequences, positions, sizes, rows without logits.
/// </summary>
internal sealed partial class LlamaSession : IModelSession
{
    private readonly ModelHandle _model;
    private readonly ContextHandle _context;
    private readonly nint _memory;
    private readonly NativeBatch _batch;
    private readonly Action<string>? _log;
    private readonly string _path;

    // Tokens in the cache, by sequence; equal to the next position. llama.cpp keeps the same figures; asking it walks the cache.
    private readonly int[] _lengths;

    // Where the logits of the last batch's tokens are; 0 for those that did not want any.
    private readonly nint[] _logits;
    private bool _failed;

    internal LlamaSession(
        ModelHandle model,
        ContextHandle context,
        LlamaVocabulary vocabulary,
        SessionReport report,
        LoadOptions options,
        string path
    )
    {
        _model = model;
        _context = context;
        _memory = LlamaApi.llama_get_memory(context);
        _log = options.Log;
        _path = path;
        Vocabulary = vocabulary;
        Report = report;
        SequenceCount = options.Sequences;
        BatchSize = Math.Max(options.BatchSize, options.Sequences);
        CacheSize = options.CacheSize;
        CanKeepBeginning =
            !LlamaApi.llama_model_is_recurrent(model) && !LlamaApi.llama_model_is_hybrid(model);
        _batch = new NativeBatch(BatchSize);
        _lengths = new int[SequenceCount];
        _logits = new nint[BatchSize];
    }

    /// <inheritdoc/>
    public IVocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public SessionReport Report { get; }

    /// <inheritdoc/>
    public int SequenceCount { get; }

    /// <inheritdoc/>
    public int BatchSize { get; }

    /// <inheritdoc/>
    public int CacheSize { get; }

    /// <inheritdoc/>
    public void Clear()
    {
        CheckUsable();

        // With the data: cells that are masked out still enter the attention with weight 0, and 0 times a NaN that an earlier
        // row left behind would be NaN.
        LlamaApi.llama_memory_clear(_memory, data: true);
        Array.Clear(_lengths);
    }

    /// <inheritdoc/>
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

        LlamaApi.llama_memory_seq_cp(_memory, source, destination, -1, -1);
        _lengths[destination] = _lengths[source];
    }

    /// <inheritdoc/>
    public bool CanKeepBeginning { get; }

    /// <inheritdoc/>
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

        if (!LlamaApi.llama_memory_seq_rm(_memory, sequence, fromPosition, -1))
        {
            throw new EngineException(
                $"llama_memory_seq_rm: {_path}: the model cannot forget the end of a sequence (its state is recurrent); clear the sequence and decode it again"
            );
        }

        _lengths[sequence] = fromPosition;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var log = new LogScope(_log);
        _context.Dispose();
        _model.Dispose();
    }

    private void CheckUsable()
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
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
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, SequenceCount);
    }
}
