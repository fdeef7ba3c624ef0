using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.LLamaSharp.Interop;
using LLama.Native;

namespace EchoRate.LLamaSharp;

/// <summary>
/// One model and one of its contexts. Everything that would trip an assertion of ggml, and so end the process, is refused first by the
/// <see cref="SequenceBook"/>.
/// </summary>
internal sealed class LLamaSharpSession : IModelSession
{
    private readonly SafeLlamaModelHandle _model;
    private readonly SafeLLamaContextHandle _context;
    private readonly nint _memory;
    private readonly LLamaBatch _batch = new();
    private readonly Action<string>? _log;
    private readonly string _path;
    private readonly SequenceBook _book;
    private readonly Lock _rowLock = new();

    internal LLamaSharpSession(
        SafeLlamaModelHandle model,
        SafeLLamaContextHandle context,
        LLamaSharpVocabulary vocabulary,
        SessionReport report,
        LoadOptions options,
        string path,
        LLamaSharpSession? second
    )
    {
        _model = model;
        _context = context;
        _memory = MissingApi.llama_get_memory(context);
        _log = options.Log;
        _path = path;
        _book = new SequenceBook(vocabulary.Size, options);
        Second = second;
        Vocabulary = vocabulary;
        Report = report;
        CanKeepBeginning = !model.IsRecurrent && !MissingApi.llama_model_is_hybrid(model);
    }

    /// <inheritdoc/>
    public IVocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public SessionReport Report { get; }

    /// <inheritdoc/>
    public IModelSession? Second { get; }

    /// <inheritdoc/>
    public int SequenceCount => _book.SequenceCount;

    /// <inheritdoc/>
    public int BatchSize => _book.BatchSize;

    /// <inheritdoc/>
    public int CacheSize => _book.CacheSize;

    /// <inheritdoc/>
    public bool CanKeepBeginning { get; }

    /// <inheritdoc/>
    public void Clear()
    {
        CheckUsable();
        _context.MemoryClear(data: true);
        _book.Clear();
    }

    /// <inheritdoc/>
    public void CopySequence(int source, int destination)
    {
        CheckUsable();
        _book.CheckCopy(source, destination);
        _context.MemorySequenceCopy((LLamaSeqId)source, (LLamaSeqId)destination, -1, -1);
        _book.Copied(source, destination);
    }

    /// <inheritdoc/>
    public void TruncateSequence(int sequence, int fromPosition)
    {
        CheckUsable();
        if (!_book.CheckTruncate(sequence, fromPosition))
        {
            return;
        }

        // The handle's own method drops the answer.
        if (!NativeApi.llama_memory_seq_rm(_memory, (LLamaSeqId)sequence, fromPosition, -1))
        {
            throw SessionRules.CannotTruncate(_path);
        }

        _book.Truncated(sequence, fromPosition);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        CheckUsable();
        _book.BeginBatch(batch);
        _batch.Clear();
        foreach (var (token, position, sequence, wantsLogits) in batch)
        {
            _batch.Add(token, position, (LLamaSeqId)sequence, wantsLogits);
        }

        using var log = new LogScope(_log);
        NativeFailure.CheckDecode((int)_context.Decode(_batch), _path, log);
        _book.Decoded(batch);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int batchIndex)
    {
        CheckUsable();
        _book.CheckRow(batchIndex);

        // The first question after a batch puts llama.cpp's output buffer in order; reading the rows needs no lock.
        lock (_rowLock)
        {
            return _context.GetLogitsIth(batchIndex);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Second?.Dispose();
        using var log = new LogScope(_log);
        _context.Dispose();
        _model.Dispose();
    }

    private void CheckUsable()
    {
        ObjectDisposedException.ThrowIf(_context.IsClosed, this);
        _book.CheckUsable();
    }
}
