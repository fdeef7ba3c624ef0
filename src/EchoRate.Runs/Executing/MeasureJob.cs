using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Runs.Comparing;

namespace EchoRate.Runs.Executing;

/// <summary>All that measuring one file takes, as data: it can be done in this process or handed to another.</summary>
public sealed record MeasureJob
{
    /// <summary>What is known of the file, its hash included.</summary>
    public required ModelFacts Facts { get; init; }

    /// <summary>What is asked of it.</summary>
    public required ProbeRequest Request { get; init; }

    /// <summary>How it is loaded. <see cref="LoadOptions.Log"/> is not part of it: lines go to <see cref="IMeasurementListener.Log"/>.</summary>
    public required LoadOptions Load { get; init; }

    /// <summary>Which of its rows are measured.</summary>
    public required RowSelection Selection { get; init; }

    /// <summary>Whether a GPU was asked for: where none is used, every row says so.</summary>
    public bool IsGpuWanted { get; init; }

    /// <summary>The reference that it is, or is held against; null where it stands alone.</summary>
    public ReferencePlan? Reference { get; init; }
}
