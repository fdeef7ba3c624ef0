using EchoRate.Core.Probes;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>All that a run needs to know before it starts; nothing has been measured yet.</summary>
internal sealed record RunPlan
{
    /// <summary>The run's folder.</summary>
    public required RunFolder Folder { get; init; }

    /// <summary>The model files, in order.</summary>
    public required IReadOnlyList<FileJob> Jobs { get; init; }

    /// <summary>What every file is measured on, in order.</summary>
    public IReadOnlyList<RunTarget> Targets { get; init; } = [Engines.DefaultTarget];

    /// <summary>The targets as long as nobody has looked what is there.</summary>
    public IReadOnlyList<ReadyTarget> Asked =>
        [.. Targets.Select(target => new ReadyTarget(target, null))];

    /// <summary>What is asked of every file.</summary>
    public required ProbeRequest Request { get; init; }

    /// <summary>How CSV is written.</summary>
    public required CsvProfile Profile { get; init; }

    /// <summary>The quantization that the others of a model are held against; null for the usual order.</summary>
    public string? Reference { get; init; }

    /// <summary>The seed of everything drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>Threads of the engine; 0 for the physical cores.</summary>
    public required int Threads { get; init; }

    /// <summary>Most sequences in a batch; null for as many as the engine and memory hold.</summary>
    public int? Sequences { get; init; }

    /// <summary>How long a file may take; null for as long as it likes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether files are measured in this process instead of one of their own each.</summary>
    public bool InProcess { get; init; }

    /// <summary>Whether a run that was cut off can be gone on with.</summary>
    public bool CanResume { get; init; }

    /// <summary>The command line, as given.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The folder that its relative paths start from.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The CSV files that items and prompts are read from.</summary>
    public IReadOnlyList<RunInfo.InputInfo> Inputs { get; init; } = [];

    /// <summary>The part of the rows that is measured here; null for all of them.</summary>
    public RunInfo.ShardInfo? Shard { get; init; }

    /// <summary>The run that is gone on with; null for a new one.</summary>
    public RunInfo? Earlier { get; init; }

    /// <summary>The manifest, where one was read.</summary>
    public RunInfo.ManifestInfo? Manifest { get; init; }
}
