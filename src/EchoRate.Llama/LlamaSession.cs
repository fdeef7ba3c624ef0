using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama;

/// <summary>
/// One model and one of its contexts. Everything that would trip an assertion of ggml, and so end the process, is refused first by the
/// <see cref="SequenceBook"/>.
/// </summary>
internal sealed partial class LlamaSession : IModelSession
{
    private readonly ModelHandle _model;
    private readonly ContextHandle _context;
    private readonly nint _memory;
    private readonly NativeBatch _batch;
    private readonly Action<string>? _log;
    private readonly string _path;
    private readonly SequenceBook _book;

    // Where the logits of the last batch's tokens are; 0 for those that did not want any.
    private readonly nint[] _logits;

    internal LlamaSession(
        ModelHandle model,
        ContextHandle context,
        LlamaVocabulary vocabulary,
        SessionReport report,
        LoadOptions options,
        string path,
        LlamaSession? second
    )
    {
        _model = model;
        _context = context;
        _memory = LlamaApi.llama_get_memory(context);
        _log = options.Log;
        _path = path;
        Second = second;
        Vocabulary = vocabulary;
        Report = report;
        _book = new SequenceBook(vocabulary.Size, options);
        CanKeepBeginning =
            !LlamaApi.llama_model_is_recurrent(model) && !LlamaApi.llama_model_is_hybrid(model);
        _batch = new NativeBatch(BatchSize);
        _logits = new nint[BatchSize];
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
    public void Clear()
    {
        CheckUsable();

        // With the data: cells that are masked out still enter the attention with weight 0, and 0 times a NaN that an earlier
        // row left behind would be NaN.
        LlamaApi.llama_memory_clear(_memory, data: true);
        _book.Clear();
    }

    /// <inheritdoc/>
    public void CopySequence(int source, int destination)
    {
        CheckUsable();
        _book.CheckCopy(source, destination);
        LlamaApi.llama_memory_seq_cp(_memory, source, destination, -1, -1);
        _book.Copied(source, destination);
    }

    /// <inheritdoc/>
    public bool CanKeepBeginning { get; }

    /// <inheritdoc/>
    public void TruncateSequence(int sequence, int fromPosition)
    {
        CheckUsable();
        if (!_book.CheckTruncate(sequence, fromPosition))
        {
            return;
        }

        if (!LlamaApi.llama_memory_seq_rm(_memory, sequence, fromPosition, -1))
        {
            throw SessionRules.CannotTruncate(_path);
        }

        _book.Truncated(sequence, fromPosition);
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
