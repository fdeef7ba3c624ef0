using System.Text.Json;
using EchoRate.Core.Engine;
using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Workers;

/// <summary>
/// What a worker says, one JSON object a line, exactly one property of each set. Rows are no messages of this kind: they are the journal's own
/// lines, so that the parent writes them as they came (<see cref="RowGlance"/>).
/// </summary>
internal sealed record WorkerMessage
{
    /// <summary>The file is loaded.</summary>
    public LoadedFile? Loaded { get; init; }

    /// <summary>The worker lives.</summary>
    public SignOfLife? Alive { get; init; }

    /// <summary>The file is done.</summary>
    public MeasureEnd? Done { get; init; }

    /// <summary>The worker stopped after a row, as it was told.</summary>
    public bool Stopped { get; init; }

    /// <summary>The worker gives up.</summary>
    public WorkerError? Error { get; init; }

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is none of ours.</exception>
    public static WorkerMessage FromLine(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, WorkerJson.Default.WorkerMessage)
        ?? throw new JsonException("no message");
}

/// <summary>What a worker has done so far; said at most a second apart by a thread of its own, whatever the library is busy with.</summary>
/// <param name="Decodes">Batches decoded.</param>
/// <param name="ProcessorMs">Processor time spent, in milliseconds.</param>
/// <param name="PeakRssBytes">Most memory so far.</param>
internal sealed record SignOfLife(long Decodes, double ProcessorMs, long PeakRssBytes);

/// <summary>Why a worker gives up.</summary>
/// <param name="Kind">What kind of trouble: it decides what becomes of the run.</param>
/// <param name="Message">One line; of a bug, all that is known.</param>
internal sealed record WorkerError(WorkerErrorKind Kind, string Message);

/// <summary>The kinds of trouble that a worker reports itself.</summary>
internal enum WorkerErrorKind
{
    /// <summary>The engine could not load the file: <see cref="EngineException"/>.</summary>
    Engine,

    /// <summary>A GPU ran out of memory: an <see cref="EngineException"/> with <see cref="EngineException.IsDeviceOutOfMemory"/>.</summary>
    DeviceMemory,

    /// <summary>The reference's files cannot be written or read: <see cref="IOException"/>.</summary>
    File,

    /// <summary>The engine's library cannot be had.</summary>
    Library,

    /// <summary>Memory ran out.</summary>
    Memory,

    /// <summary>A bug.</summary>
    Bug,
}
