using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama;

internal sealed unsafe partial class LlamaSession
{
    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        CheckUsable();
        _book.BeginBatch(batch);
        using var log = new LogScope(_log);
        var code = LlamaApi.llama_decode(_context, _batch.Fill(batch));
        NativeFailure.CheckDecode(code, _path, log);
        FindLogits(batch, log);
        _book.Decoded(batch);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int batchIndex)
    {
        CheckUsable();
        _book.CheckRow(batchIndex);
        return new ReadOnlySpan<float>((float*)_logits[batchIndex], Vocabulary.Size);
    }

    // Asked for once, here: afterwards rows can be read by several threads at once.
    private void FindLogits(ReadOnlySpan<BatchToken> batch, LogScope log)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            _logits[i] = batch[i].WantsLogits
                ? (nint)LlamaApi.llama_get_logits_ith(_context, i)
                : 0;
            if (_logits[i] == 0 && batch[i].WantsLogits)
            {
                throw NativeFailure.Of("llama_get_logits_ith", _path, log);
            }
        }
    }
}
