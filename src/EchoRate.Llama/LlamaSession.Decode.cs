using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama;

internal sealed unsafe partial class LlamaSession
{
    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        CheckUsable();
        Span<int> lengths = stackalloc int[SequenceCount];
        _lengths.CopyTo(lengths);
        CheckBatch(batch, lengths);

        using var log = new LogScope(_log);
        _failed = true;
        _batch.Forget();
        var code = LlamaApi.llama_decode(_context, _batch.Fill(batch));
        if (code != 0)
        {
            _batch.Forget();
            NativeFailure.CheckDecode(code, _path, log);
        }

        FindLogits(log);
        _failed = false;
        lengths.CopyTo(_lengths);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int batchIndex)
    {
        CheckUsable();
        ArgumentOutOfRangeException.ThrowIfNegative(batchIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batchIndex, _batch.Count);
        if (!_batch.WantsLogits(batchIndex))
        {
            throw new ArgumentException(
                $"token {batchIndex} of the last batch did not want logits",
                nameof(batchIndex)
            );
        }

        return new ReadOnlySpan<float>((float*)_logits[batchIndex], Vocabulary.Size);
    }

    // Asked for once, here: afterwards rows can be read by several threads at once.
    private void FindLogits(LogScope log)
    {
        for (var i = 0; i < _batch.Count; i++)
        {
            _logits[i] = _batch.WantsLogits(i)
                ? (nint)LlamaApi.llama_get_logits_ith(_context, i)
                : 0;
            if (_logits[i] == 0 && _batch.WantsLogits(i))
            {
                throw NativeFailure.Of("llama_get_logits_ith", _path, log);
            }
        }
    }

    // Leaves in lengths what each sequence will hold after the batch.
    private void CheckBatch(ReadOnlySpan<BatchToken> batch, Span<int> lengths)
    {
        if (batch.IsEmpty || batch.Length > BatchSize)
        {
            throw new ArgumentException(
                $"a batch has 1 to {BatchSize} tokens, not {batch.Length}",
                nameof(batch)
            );
        }

        for (var i = 0; i < batch.Length; i++)
        {
            var (token, position, sequence, _) = batch[i];
            if ((uint)token >= (uint)Vocabulary.Size)
            {
                throw Wrong($"token {i}: id {token} is not in 0 to {Vocabulary.Size - 1}");
            }

            if ((uint)sequence >= (uint)SequenceCount)
            {
                throw Wrong($"token {i}: sequence {sequence} is not in 0 to {SequenceCount - 1}");
            }

            if (position != lengths[sequence])
            {
                throw Wrong(
                    $"token {i}: position {position} in sequence {sequence}, where {lengths[sequence]} comes next"
                );
            }

            if (position >= CacheSize)
            {
                throw Wrong($"token {i}: sequence {sequence} holds at most {CacheSize} tokens");
            }

            lengths[sequence]++;
        }
    }

    private static ArgumentException Wrong(string message) => new(message);
}
