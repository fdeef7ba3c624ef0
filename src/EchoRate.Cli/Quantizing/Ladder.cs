using EchoRate.Gguf;

namespace EchoRate.Cli.Quantizing;

/// <summary>The quantizations of one model: what is there, what is to be made, and what that takes.</summary>
internal sealed record Ladder
{
    /// <summary>The model.</summary>
    public required GgufFile Source { get; init; }

    /// <summary>The folder of the new files.</summary>
    public required string OutFolder { get; init; }

    /// <summary>All files that were asked for, in that order.</summary>
    public required IReadOnlyList<PlannedFile> Files { get; init; }

    /// <summary>Those that are to be made.</summary>
    public IEnumerable<PlannedFile> ToMake =>
        Files.Where(file => file.State is FileState.Missing or FileState.Outdated);

    /// <summary>Bytes that they take.</summary>
    public long BytesToMake => ToMake.Sum(file => file.FileBytes);

    /// <summary>Bytes that the disk has; null where the system does not say.</summary>
    public required long? FreeBytes { get; init; }
}
