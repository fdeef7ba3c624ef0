using EchoRate.Core.Engine;

namespace EchoRate.Core.Probes;

/// <summary>
/// Sequences that share a beginning: it is decoded once and copied, and between batches each sequence is cut back to it, so that the
/// cache is clean for every row.
/// </summary>
internal sealed class PrefixedSequences
{
    private readonly IModelSession _session;
    private readonly BatchToken[] _prefix;
    private readonly int _count;

    /// <summary>Empties the cache and puts the prefix into <paramref name="count"/> sequences.</summary>
    public PrefixedSequences(IModelSession session, ReadOnlySpan<int> prefix, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, session.SequenceCount);
        (_session, _count, _prefix) = (session, count, new BatchToken[prefix.Length]);
        for (var i = 0; i < prefix.Length; i++)
        {
            _prefix[i] = new BatchToken(prefix[i], i, 0, WantsLogits: false);
        }
        Begin();
    }

    /// <summary>Tokens of the prefix: the position at which a row begins.</summary>
    public int Length => _prefix.Length;

    /// <summary>Cuts every sequence back to the prefix.</summary>
    public void Reset()
    {
        if (Length > 0 && !_session.CanKeepBeginning)
        {
            Begin();
            return;
        }
        for (var sequence = 0; sequence < _count; sequence++)
        {
            _session.TruncateSequence(sequence, Length);
        }
    }

    private void Begin()
    {
        _session.Clear();
        if (Length == 0)
        {
            return;
        }
        _session.Decode(_prefix);
        for (var sequence = 1; sequence < _count; sequence++)
        {
            _session.CopySequence(0, sequence);
        }
    }
}
