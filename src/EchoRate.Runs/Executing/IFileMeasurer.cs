using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>What does a job: this process, or a worker.</summary>
public interface IFileMeasurer
{
    /// <summary>What the engine says of itself.</summary>
    EngineFacts Engine { get; }

    /// <summary>Measures one file into its journal.</summary>
    /// <param name="job">The job.</param>
    /// <param name="log">Hears what the engine's library says; may be called from another thread.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops between two rows.</param>
    /// <returns>The file's record, complete.</returns>
    /// <exception cref="EngineException">The file could not be loaded.</exception>
    /// <exception cref="IOException">The journal or the reference's files cannot be written or read.</exception>
    /// <exception cref="RunException">A part of the file was changed.</exception>
    /// <exception cref="RunDiffersException">The rows that are there were measured in another way.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request; the rows in the journal stay.</exception>
    FileRecord Measure(
        MeasureJob job,
        Action<string> log,
        Action<FileProgress> progress,
        CancellationToken cancellation
    );
}

/// <summary>How far a file is.</summary>
/// <param name="Rows">Rows that are there.</param>
/// <param name="AllRows">Rows that it gives in all, where the loaded file tells; null for as many as were said at its beginning.</param>
public readonly record struct FileProgress(long Rows, long? AllRows = null);

/// <summary>Measures in this process.</summary>
public sealed class InProcessMeasurer(IEngine engine) : IFileMeasurer
{
    /// <inheritdoc />
    public EngineFacts Engine => engine.Facts;

    /// <inheritdoc />
    public FileRecord Measure(
        MeasureJob job,
        Action<string> log,
        Action<FileProgress> progress,
        CancellationToken cancellation
    ) => new FileMeasurement(job, engine, log) { Progress = progress }.Run(cancellation);
}

/// <summary>A target, and what measures files on it.</summary>
/// <param name="Target">The target.</param>
/// <param name="Measurer">What measures; null where no file of the run can be started.</param>
public sealed record TargetMeasurer(RunTarget Target, IFileMeasurer? Measurer);
