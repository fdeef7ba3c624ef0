using System.Text;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;

namespace EchoRate.Tests.Core;

/// <summary>
/// A model behind the port whose logits are written by the test: a function of all tokens in a sequence. It keeps real sequences, so
/// that a probe which forgets to clean one is seen, and remembers every batch.
/// </summary>
internal sealed class ScriptedModel : IModelSession, IVocabulary
{
    private readonly byte[][] _pieces;
    private readonly List<int>[] _sequences;
    private readonly Func<int[], float[]> _logits;
    private readonly Dictionary<int, float[]> _borrowed = [];

    public ScriptedModel(
        string[] pieces,
        Func<int[], float[]> logits,
        int sequences = 4,
        int batchSize = 64,
        int cacheSize = 64
    )
    {
        _pieces = [.. pieces.Select(Encoding.UTF8.GetBytes)];
        _logits = logits;
        _sequences = [.. Enumerable.Range(0, sequences).Select(_ => new List<int>())];
        (BatchSize, CacheSize) = (batchSize, cacheSize);
    }

    public List<BatchToken[]> Batches { get; } = [];

    public Func<int, TokenKind> Kinds { get; init; } = _ => TokenKind.Normal;

    public int? EndOfGeneration { get; init; }

    public Action<int>? BeforeDecode { get; init; }

    public IVocabulary Vocabulary => this;

    public SessionReport Report { get; } =
        new()
        {
            Backend = "cpu",
            Device = "CPU",
            GpuLayers = 0,
            Layers = 1,
            Threads = 1,
            AddsBos = false,
        };

    public int SequenceCount => _sequences.Length;

    public int BatchSize { get; }

    public int CacheSize { get; }

    public int Size => _pieces.Length;

    public ReadOnlyMemory<byte> Piece(int token) => _pieces[token];

    public TokenKind Kind(int token) => Kinds(token);

    public bool IsEndOfGeneration(int token) => token == EndOfGeneration;

    // The longest piece that fits, over and over.
    public int[] Tokenize(ReadOnlySpan<byte> utf8)
    {
        var ids = new List<int>();
        while (!utf8.IsEmpty)
        {
            var best = -1;
            for (var id = 0; id < _pieces.Length; id++)
            {
                var fits =
                    Kinds(id) == TokenKind.Normal
                    && _pieces[id].Length > 0
                    && utf8.StartsWith(_pieces[id]);
                best = fits && (best < 0 || _pieces[id].Length > _pieces[best].Length) ? id : best;
            }
            ids.Add(best);
            utf8 = utf8[_pieces[best].Length..];
        }
        return [.. ids];
    }

    public bool CanKeepBeginning { get; init; } = true;

    public void Clear()
    {
        foreach (var sequence in _sequences)
        {
            sequence.Clear();
        }
    }

    public void CopySequence(int source, int destination)
    {
        Assert.Empty(_sequences[destination]);
        _sequences[destination].AddRange(_sequences[source]);
    }

    public void TruncateSequence(int sequence, int fromPosition)
    {
        Assert.True(CanKeepBeginning || fromPosition == 0);
        _sequences[sequence].RemoveRange(fromPosition, _sequences[sequence].Count - fromPosition);
    }

    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        Assert.InRange(batch.Length, 1, BatchSize);
        BeforeDecode?.Invoke(Batches.Count);
        Batches.Add(batch.ToArray());
        _borrowed.Clear();
        for (var i = 0; i < batch.Length; i++)
        {
            var sequence = _sequences[batch[i].Sequence];
            Assert.Equal(sequence.Count, batch[i].Position);
            sequence.Add(batch[i].Token);
            if (batch[i].WantsLogits)
            {
                _borrowed[i] = _logits([.. sequence]);
            }
        }
    }

    public ReadOnlySpan<float> Logits(int batchIndex) => _borrowed[batchIndex];

    public void Dispose() { }

    public ProbeContext Context(ModelFacts? facts = null) => new(facts ?? Facts(), this);

    public static ModelFacts Facts(int? bos = 0, BosKind kind = BosKind.Native) =>
        new()
        {
            Model = "scripted",
            Quantization = "F32",
            BosToken = bos,
            BosKind = kind,
            AddSpacePrefix = false,
        };
}
