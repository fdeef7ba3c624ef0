using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Executing;

/// <summary>One model file of a run.</summary>
public sealed record FileJob
{
    /// <summary>What is known of the file.</summary>
    public required ModelFacts Facts { get; init; }

    /// <summary>Why the file cannot be started (<see cref="RowStatus.NotHere"/> or <see cref="RowStatus.Failed"/>); null where it can.</summary>
    public (RowStatus Status, string Reason)? Barred { get; init; }
}
