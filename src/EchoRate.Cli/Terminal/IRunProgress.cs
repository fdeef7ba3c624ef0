using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Cli.Terminal;

/// <summary>Where a run tells how far it is.</summary>
internal interface IRunProgress
{
    /// <summary>A file begins.</summary>
    /// <param name="facts">The file.</param>
    /// <param name="index">Its place, from 1.</param>
    /// <param name="count">How many files there are.</param>
    /// <param name="rows">How many rows it will give.</param>
    void Begin(ModelFacts facts, int index, int count, long rows);

    /// <summary>So many rows of the file are there.</summary>
    void Rows(int rows);

    /// <summary>The file is done.</summary>
    void End(FileRecord file);
}
