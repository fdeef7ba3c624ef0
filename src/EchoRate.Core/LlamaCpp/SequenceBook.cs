using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// What a session keeps in mind of its sequences, and refuses: everything that would trip an assertion of ggml, and so end the
/// process (ids, sequences, positions, sizes, rows without logits). llama.cpp keeps the same figures; asking it walks the cache.
/// </summary>
/// <param name="vocabularySize">Tokens of the vocabulary.</param>
/// <param name="options">How the session was made.</param>
public sealed class SequenceBook(int vocabularySize, LoadOptions options)
{
    // Tokens in the cache, by sequence; equal to the next position.
    private readonly int[] _lengths = new int[options.Sequences];
    private readonly int[] _lengthsAfter = new int[options.Sequences];
    private readonly bool[] _wantsLogits = new bool[BatchSizeOf(options)];
    private int _count;
    private bool _failed;

    /// <summary>As <see cref="IModelSession.SequenceCount"/>.</summary>
    public int SequenceCount => options.Sequences;

    /// <summary>As <see cref="IModelSession.BatchSize"/>.</summary>
    public int BatchSize => _wantsLogits.Length;

    /// <summary>As <see cref="IModelSession.CacheSize"/>.</summary>
    public int CacheSize => options.CacheSize;

    /// <summary>Most tokens in one batch: never fewer than sequences, or reserving the outputs would assert.</summary>
    public static int BatchSizeOf(LoadOptions options) =>
        Math.Max(options.BatchSize, options.Sequences);

    /// <exception cref="InvalidOperationException">An earlier batch failed.</exception>
    public void CheckUsable()
    {
        if (_failed)
        {
            throw new InvalidOperationException(
                "an earlier batch failed: this session is of no further use"
            );
        }
    }

    /// <summary>Every sequence is empty again.</summary>
    public void Clear() => Array.Clear(_lengths);

    /// <summary>Refuses a copy that is not possible.</summary>
    public void CheckCopy(int source, int destination)
    {
        CheckSequence(source);
        CheckSequence(destination);
        if (source == destination || _lengths[destination] > 0)
        {
            throw new ArgumentException(
                $"sequence {destination} holds {_lengths[destination]} tokens: a copy needs an empty sequence other than its source"
            );
        }
    }

    /// <summary>A copy was made.</summary>
    public void Copied(int source, int destination) => _lengths[destination] = _lengths[source];

    /// <summary>Refuses a truncation that is not possible.</summary>
    /// <returns>Whether there is anything to forget.</returns>
    public bool CheckTruncate(int sequence, int fromPosition)
    {
        CheckSequence(sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(fromPosition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fromPosition, _lengths[sequence]);
        return fromPosition < _lengths[sequence];
    }

    /// <summary>A sequence was truncated.</summary>
    public void Truncated(int sequence, int fromPosition) => _lengths[sequence] = fromPosition;

    /// <summary>
    /// Refuses a batch that is not possible; from here on, until <see cref="Decoded"/>, the session counts as failed.
    /// </summary>
    public void BeginBatch(ReadOnlySpan<BatchToken> batch)
    {
        if (batch.IsEmpty || batch.Length > BatchSize)
        {
            throw new ArgumentException(
                $"a batch has 1 to {BatchSize} tokens, not {batch.Length}",
                nameof(batch)
            );
        }

        _lengths.CopyTo(_lengthsAfter, 0);
        for (var i = 0; i < batch.Length; i++)
        {
            CheckToken(i, batch[i]);
            _lengthsAfter[batch[i].Sequence]++;
        }

        _count = 0;
        _failed = true;
    }

    /// <summary>The batch was evaluated.</summary>
    public void Decoded(ReadOnlySpan<BatchToken> batch)
    {
        for (var i = 0; i < batch.Length; i++)
        {
            _wantsLogits[i] = batch[i].WantsLogits;
        }

        _count = batch.Length;
        _lengthsAfter.CopyTo(_lengths, 0);
        _failed = false;
    }

    /// <summary>Refuses a row that the last batch does not have.</summary>
    public void CheckRow(int batchIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batchIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(batchIndex, _count);
        if (!_wantsLogits[batchIndex])
        {
            throw new ArgumentException(
                $"token {batchIndex} of the last batch did not want logits",
                nameof(batchIndex)
            );
        }
    }

    private void CheckToken(int index, BatchToken batchToken)
    {
        var (token, position, sequence, _) = batchToken;
        if ((uint)token >= (uint)vocabularySize)
        {
            throw Wrong($"token {index}: id {token} is not in 0 to {vocabularySize - 1}");
        }

        if ((uint)sequence >= (uint)SequenceCount)
        {
            throw Wrong($"token {index}: sequence {sequence} is not in 0 to {SequenceCount - 1}");
        }

        if (position != _lengthsAfter[sequence])
        {
            throw Wrong(
                $"token {index}: position {position} in sequence {sequence}, where {_lengthsAfter[sequence]} comes next"
            );
        }

        if (position >= CacheSize)
        {
            throw Wrong($"token {index}: sequence {sequence} holds at most {CacheSize} tokens");
        }
    }

    private void CheckSequence(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, SequenceCount);
    }

    private static ArgumentException Wrong(string message) => new(message);
}
