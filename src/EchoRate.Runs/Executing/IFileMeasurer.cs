using EchoRate.Core.Engine;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Executing;

/// <summary>What measures a file: loads it, probes it, hands over every row as it is measured. Keeps nothing.</summary>
public interface IFileMeasurer
{
    /// <summary>The version of the engine's library.</summary>
    string EngineVersion { get; }

    /// <summary>What computes, in one line (<see cref="Core.Engine.EngineReport.Libraries"/>).</summary>
    string Libraries { get; }

    /// <summary>Measures one file.</summary>
    /// <param name="job">The file and what is asked of it.</param>
    /// <param name="listener">Told what happens: first that the file is loaded, then every row, in order.</param>
    /// <param name="cancellation">Stops between two rows.</param>
    /// <returns>What the measuring took.</returns>
    /// <exception cref="EngineException">The file could not be loaded; no row was handed over.</exception>
    /// <exception cref="IOException">The reference's files cannot be written or read.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request; the rows handed over stand.</exception>
    MeasureEnd Measure(
        MeasureJob job,
        IMeasurementListener listener,
        CancellationToken cancellation
    );
}

/// <summary>Who hears how measuring goes. <see cref="Log"/> may be called from another thread than the rest.</summary>
public interface IMeasurementListener
{
    /// <summary>The file is loaded.</summary>
    void Loaded(LoadedFile file);

    /// <summary>The next row is there.</summary>
    void Row(RowLine row);

    /// <summary>The engine's library said something.</summary>
    void Log(string line);
}

/// <summary>A row as the journal keeps it.</summary>
/// <param name="json">One JSON object, UTF-8, without line end; borrowed for the call.</param>
/// <param name="status">What became of the row.</param>
/// <param name="reason">Why; null where there is nothing to say.</param>
public readonly ref struct RowLine(ReadOnlySpan<byte> json, RowStatus status, string? reason)
{
    /// <summary>One JSON object, UTF-8, without line end; borrowed for the call.</summary>
    public ReadOnlySpan<byte> Json { get; } = json;

    /// <summary>What became of the row.</summary>
    public RowStatus Status { get; } = status;

    /// <summary>Why; null where there is nothing to say.</summary>
    public string? Reason { get; } = reason;
}

/// <summary>A file that was loaded.</summary>
/// <param name="Report">What it occupies, and where.</param>
/// <param name="Sequences">Most sequences in one batch, as they really are.</param>
/// <param name="LoadMs">What loading took, in milliseconds.</param>
public sealed record LoadedFile(SessionReport Report, int Sequences, double LoadMs);

/// <summary>What measuring a file took.</summary>
/// <param name="DecodeMs">Decoding, scoring and handing over, in milliseconds.</param>
/// <param name="PeakRssBytes">Most memory of the process that measured; null where it is not known.</param>
/// <param name="PeakDeviceBytes">Most memory on devices; null where it is not known.</param>
public sealed record MeasureEnd(double DecodeMs, long? PeakRssBytes, long? PeakDeviceBytes);
