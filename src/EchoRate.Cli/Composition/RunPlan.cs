using System.Text.Json.Nodes;
using EchoRate.Cli.Requests;
using EchoRate.Core.Probes;
using EchoRate.Machine.Backends;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>All that a run needs to know before it starts; nothing has been measured yet.</summary>
internal sealed record RunPlan
{
    public required RunRequest Request { get; init; }

    /// <summary>The options as run.json keeps them, where they are not a run's; null for those of <see cref="Request"/>.</summary>
    public JsonObject? Options { get; init; }

    /// <summary>What becomes of the rows of a look; null for a run.</summary>
    public LookReport? Look { get; init; }

    /// <summary>The command line, as given.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>What is asked of every file.</summary>
    public required ProbeRequest Probes { get; init; }

    /// <summary>The model files, in the order in which they run.</summary>
    public required IReadOnlyList<FileJob> Files { get; init; }

    /// <summary>Which files look like quantizations of one model and are not compared, and why; each one line.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What every file is measured on, in order.</summary>
    public required IReadOnlyList<RunTarget> Targets { get; init; }

    /// <summary>The CSV files that items and prompts are read from.</summary>
    public IReadOnlyList<RunInfo.InputInfo> Inputs { get; init; } = [];

    /// <summary>The manifest, where one was read.</summary>
    public RunInfo.ManifestInfo? Manifest { get; init; }

    /// <summary>The run that is gone on with; null for a new one.</summary>
    public RunInfo? Earlier { get; init; }

    /// <summary>The targets as long as nobody has looked what is there; a run that loads nothing computes on nothing else than the CPU.</summary>
    public IReadOnlyList<ReadyTarget> Asked =>
        [
            .. Targets.Select(target => new ReadyTarget(
                target.Backend == BackendChooser.Auto ? TargetFinder.On(target, "cpu") : target,
                null
            )),
        ];
}
