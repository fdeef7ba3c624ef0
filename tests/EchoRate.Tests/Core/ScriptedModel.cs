using System.Text.Unicode;

namespace EchoRate.Tests.Core;

/// <summary>
/// A model behind the port whose logits are written by the test: a function of all tokens in a sequence. It keeps real sequences, so
/// that a probe which forgets to clean one is seen, and remembers every batch.
/// </summary>
internal sealed class ScriptedModel(
    byte[][] pieces,
    Func<int[], float[]> logits,
    int sequences = 4,
    int batchSize = 64,
    int cacheSize = 64
) : IModelSession, ILoadedVocabulary
{
    public static readonly SessionReport Cpu = new()
    {
        Backend = "cpu",
        Device = "CPU",
        GpuLayers = 0,
        Layers = 1,
        Threads = 1,
        AddsBos = false,
    };

    private readonly List<int>[] _sequences =
    [
        .. Enumerable.Range(0, sequences + 1).Select(_ => new List<int>()),
    ];
    private readonly Dictionary<int, float[]> _borrowed = [];
    private bool _spoilt;

    public ScriptedModel(
        string[] pieces,
        Func<int[], float[]> logits,
        int sequences = 4,
        int batchSize = 64,
        int cacheSize = 64
    )
        : this([.. pieces.Select(Encoding.UTF8.GetBytes)], logits, sequences, batchSize, cacheSize)
    { }

    /// <summary>Every batch, without what fills it.</summary>
    public List<BatchToken[]> Batches { get; } = [];

    /// <summary>Tokens of every batch, with what fills it.</summary>
    public List<int> Widths { get; } = [];

    public Func<int, TokenKind> Kinds { get; init; } = _ => TokenKind.Normal;

    public int? EndOfGeneration { get; init; }

    /// <summary>
    /// A token whose logits are NaN, and with them those of every row of its batch and of all later ones, until the cache is cleared: what
    /// a NaN does to llama.cpp's one cache.
    /// </summary>
    public int? SpoiledBy { get; init; }

    /// <summary>Whether the tokenizer puts a space in front of every text, as SPM's does.</summary>
    public bool AddsSpacePrefix { get; init; }

    public Action<int>? BeforeDecode { get; init; }

    /// <summary>Whether the width of a batch and a row's slot in it touch the last digits, as they do in llama.cpp.</summary>
    public bool ShowsSlots { get; init; }

    public IModelSession? Second { get; init; }

    public IVocabulary Vocabulary => this;

    public SessionReport Report { get; init; } = Cpu;

    public int SequenceCount => _sequences.Length - 1;

    public int BatchSize => batchSize;

    public int CacheSize => cacheSize;

    public int Size => pieces.Length;

    public ReadOnlyMemory<byte> Piece(int token) => pieces[token];

    public TokenKind Kind(int token) => Kinds(token);

    public bool IsEndOfGeneration(int token) => token == EndOfGeneration;

    // The longest piece that fits, over and over.
    public int[] Tokenize(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("the text is not valid UTF-8", nameof(utf8));
        }
        if (AddsSpacePrefix && !utf8.IsEmpty)
        {
            utf8 = (byte[])[(byte)' ', .. utf8];
        }
        var ids = new List<int>();
        while (!utf8.IsEmpty)
        {
            var best = -1;
            for (var id = 0; id < pieces.Length; id++)
            {
                var fits =
                    Kinds(id) == TokenKind.Normal
                    && pieces[id].Length > 0
                    && utf8.StartsWith(pieces[id]);
                best = fits && (best < 0 || pieces[id].Length > pieces[best].Length) ? id : best;
            }
            ids.Add(best);
            utf8 = utf8[pieces[best].Length..];
        }
        return [.. ids];
    }

    public bool CanKeepBeginning { get; init; } = true;

    public void Clear()
    {
        _spoilt = false;
        Array.ForEach(_sequences, sequence => sequence.Clear());
    }

    public void CopySequence(int source, int destination)
    {
        Assert.Empty(_sequences[destination]);
        _sequences[destination].AddRange(_sequences[source]);
    }

    public void TruncateSequence(int sequence, int fromPosition)
    {
        Assert.True(CanKeepBeginning || fromPosition == 0);
        var list = _sequences[sequence];
        list.RemoveRange(
            Math.Min(fromPosition, list.Count),
            Math.Max(0, list.Count - fromPosition)
        );
    }

    public void Decode(ReadOnlySpan<BatchToken> batch)
    {
        Assert.InRange(batch.Length, 1, BatchSize);
        BeforeDecode?.Invoke(Batches.Count);
        Batches.Add([.. batch.ToArray().Where(token => token.Sequence < SequenceCount)]);
        Widths.Add(batch.Length);
        _borrowed.Clear();
        for (var i = 0; i < batch.Length; i++)
        {
            var sequence = _sequences[batch[i].Sequence];
            Assert.Equal(sequence.Count, batch[i].Position);
            sequence.Add(batch[i].Token);
            _spoilt |= batch[i].Token == SpoiledBy;
            if (batch[i].WantsLogits)
            {
                var row = _borrowed[i] = logits([.. sequence]);
                if (ShowsSlots)
                {
                    row[^1] += 1e-3f * batch.Length + 1e-5f * i;
                }
            }
        }
        if (_spoilt)
        {
            foreach (var row in _borrowed.Values)
            {
                Array.Fill(row, float.NaN);
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

/// <summary>An engine whose models are written by the test.</summary>
internal sealed class ScriptedEngine(Func<LoadOptions, string, ScriptedModel> load) : IEngine
{
    public string Name { get; init; } = "scripted";

    public EngineFacts Facts =>
        new()
        {
            Name = Name,
            Version = "1",
            LibraryFolder = "",
            Devices = [],
        };

    /// <summary>A file's vocabulary alone; null where no test asks for one.</summary>
    public Func<ScriptedModel>? Vocabulary { get; init; }

    public IModelSession Load(string path, LoadOptions options) => load(options, path);

    public ILoadedVocabulary LoadVocabulary(
        string path,
        bool withoutSpacePrefix,
        Action<string>? log = null
    ) => Vocabulary!();
}
