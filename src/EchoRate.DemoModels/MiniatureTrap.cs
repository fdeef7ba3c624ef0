using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>A miniature with one thing changed that a measurement could stumble over.</summary>
public sealed record MiniatureTrap
{
    private readonly Func<GgufWriter> _compose;

    internal MiniatureTrap(Func<GgufWriter> compose) => _compose = compose;

    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public required string Name { get; init; }

    /// <summary>What it is a variation of.</summary>
    public required Miniature Of { get; init; }

    /// <summary>One sentence on what is changed.</summary>
    public required string Change { get; init; }

    /// <summary>What BOS means for the file.</summary>
    public required GgufBosKind BosKind { get; init; }

    /// <summary>Whether llama.cpp's tokenizer would put a BOS in front by itself.</summary>
    public required bool AddsBos { get; init; }

    /// <summary>Writes the file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => _compose().Write(path);
}
