using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>Where a run tells how far it is.</summary>
public interface IRunProgress
{
    /// <summary>A file begins on a target.</summary>
    /// <param name="facts">The file.</param>
    /// <param name="target">The target; null where the run has only one.</param>
    /// <param name="index">Its place among all files on all targets, from 1.</param>
    /// <param name="count">How many those are.</param>
    /// <param name="rows">How many rows it will give, as far as its header tells.</param>
    void Begin(ModelFacts facts, RunTarget? target, int index, int count, long rows);

    /// <summary>Something that the user should know at once, one line.</summary>
    void Say(string line);

    /// <summary>How far the file is.</summary>
    void Rows(FileProgress progress);

    /// <summary>The file is done.</summary>
    void End(FileRecord file);
}
