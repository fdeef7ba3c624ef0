using System.Text.Json;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;

namespace EchoRate.Runs.Workers;

/// <summary>
/// What a worker says on its stdout: one JSON object a line, of which one property is set. An empty line stands before each, so that what native
/// code prints without a line end does not run into it.
/// </summary>
internal sealed record WorkerMessage
{
    /// <summary>The file is loaded; so many rows were there before.</summary>
    public long? Loaded { get; init; }

    /// <summary>The worker lives.</summary>
    public SignOfLife? Alive { get; init; }

    /// <summary>The file is done.</summary>
    public FileRecord? Done { get; init; }

    /// <summary>The worker stopped after a row, as it was told.</summary>
    public bool Stopped { get; init; }

    /// <summary>The worker gives up.</summary>
    public WorkerError? Error { get; init; }

    /// <summary>Reads a line; null where it is what native code printed.</summary>
    public static WorkerMessage? Read(string line)
    {
        if (!line.StartsWith("{\"", StringComparison.Ordinal))
        {
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(line, JobJson.Default.WorkerMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The message as text, with its empty line in front and its end.</summary>
    public string ToText() =>
        $"\n{JsonSerializer.Serialize(this, JobJson.Default.WorkerMessage)}\n";
}

/// <summary>What a worker has done so far; said twice a second by a thread of its own, whatever the library is busy with.</summary>
/// <param name="Rows">Rows of the file so far.</param>
/// <param name="Decodes">Batches begun.</param>
/// <param name="ProcessorMs">Processor time spent, in milliseconds.</param>
/// <param name="PeakRssBytes">Most memory so far.</param>
/// <param name="AllRows">Rows that the file gives in all; null where that is not known.</param>
internal sealed record SignOfLife(
    long Rows,
    long Decodes,
    double ProcessorMs,
    long PeakRssBytes,
    long? AllRows = null
);

/// <summary>Why a worker gives up.</summary>
/// <param name="Kind">What kind of trouble: it decides what becomes of the run.</param>
/// <param name="Message">One line; of a bug, all that is known.</param>
internal sealed record WorkerError(WorkerErrorKind Kind, string Message)
{
    /// <summary>What an exception says.</summary>
    public static WorkerError Of(Exception e) =>
        e switch
        {
            EngineException { IsDeviceOutOfMemory: true } => new(
                WorkerErrorKind.DeviceMemory,
                e.Message
            ),
            EngineException => new(WorkerErrorKind.Engine, e.Message),
            IOException or UnauthorizedAccessException => new(WorkerErrorKind.File, e.Message),
            RunException => new(WorkerErrorKind.Run, e.Message),
            RunDiffersException => new(WorkerErrorKind.Differs, e.Message),
            OutOfMemoryException => new(WorkerErrorKind.Memory, e.Message),
            NativeLibraryException => new(WorkerErrorKind.Library, e.Message),
            _ => new(WorkerErrorKind.Bug, e.ToString()),
        };

    /// <summary>The exception to throw in the parent, as if it had happened there.</summary>
    public Exception ToException() =>
        Kind switch
        {
            WorkerErrorKind.Engine => new EngineException(Message),
            WorkerErrorKind.DeviceMemory => new EngineException(Message)
            {
                IsDeviceOutOfMemory = true,
            },
            WorkerErrorKind.File => new IOException(Message),
            WorkerErrorKind.Run => new RunException(Message),
            WorkerErrorKind.Differs => new RunDiffersException(Message),
            WorkerErrorKind.Library => new NativeLibraryException(Message),
            _ => new InvalidOperationException($"in the worker process: {Message}"),
        };
}

/// <summary>The kinds of trouble that a worker reports itself.</summary>
internal enum WorkerErrorKind
{
    /// <summary>The engine could not load the file.</summary>
    Engine,

    /// <summary>A GPU ran out of memory.</summary>
    DeviceMemory,

    /// <summary>The journal or the reference's files cannot be written or read.</summary>
    File,

    /// <summary>The run's folder or the model file is not as it was.</summary>
    Run,

    /// <summary>Rows that are there were measured in another way.</summary>
    Differs,

    /// <summary>The engine's library cannot be had.</summary>
    Library,

    /// <summary>Memory ran out.</summary>
    Memory,

    /// <summary>A bug.</summary>
    Bug,
}
