using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Gguf;

namespace EchoRate.Runs.Provenance;

/// <summary>One model file of a run.</summary>
public sealed record FileJob
{
    /// <summary>What is known of the file before its content was read.</summary>
    public required ModelFacts Facts { get; init; }

    /// <summary>The header, read once; null where the file cannot be started, and when the run is planned.</summary>
    public GgufFile? Header { get; init; }

    /// <summary>Whether a manifest says which model the file is of.</summary>
    public bool IsOfManifest { get; init; }

    /// <summary>What is said of the file against its header, each one line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The file, or its parts in order; empty where it is not here.</summary>
    public IReadOnlyList<ModelPart> Parts { get; init; } = [];

    /// <summary>
    /// Whether size or time of the file are not what they were when the run was begun: its content is looked at even where all of its rows
    /// are there.
    /// </summary>
    public bool IsTouched { get; init; }

    /// <summary>Why the file cannot be started (<see cref="RowStatus.NotHere"/> or <see cref="RowStatus.Failed"/>); null where it can.</summary>
    public (RowStatus Status, string Reason)? Barred { get; init; }
}

/// <summary>One part of a model file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Sha256">What its SHA-256 must be, 64 hex digits; null where nobody said.</param>
public sealed record ModelPart(string Path, string? Sha256 = null);
