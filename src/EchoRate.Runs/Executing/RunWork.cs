using EchoRate.Core.Engine;
using EchoRate.Core.Files;
using EchoRate.Core.Probes;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>All that a run measures, and on what.</summary>
public sealed record RunWork
{
    /// <summary>The run's folder.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>The files, each ladder's in one piece (<see cref="Ladders.Order"/>).</summary>
    public required IReadOnlyList<FileJob> Files { get; init; }

    /// <summary>The targets; no two have engine and device label in common.</summary>
    public required IReadOnlyList<TargetMeasurer> Targets { get; init; }

    /// <summary>What is asked of every file.</summary>
    public required ProbeRequest Request { get; init; }

    /// <summary>Which rows of every file.</summary>
    public RowSelection Selection { get; init; } = RowSelection.Whole;

    /// <summary>Most rows in a batch.</summary>
    public required int Sequences { get; init; }

    /// <summary>Whether a batch may have fewer rows where memory is short.</summary>
    public bool IsMemoryWeighed { get; init; } = true;

    /// <summary>The rows of each file that are measured once more in the other arithmetic; null for none.</summary>
    public RowSample? Check { get; init; }

    /// <summary>Threads that compute; 0 for the physical cores.</summary>
    public int Threads { get; init; }

    /// <summary>Where files go, for those that GPUs take part in.</summary>
    public IReadOnlyList<OffloadPlan> Plans { get; init; } = [];

    /// <summary>Knows files that were hashed before.</summary>
    public KnownHashes KnownHashes { get; init; } = new(null);
}
