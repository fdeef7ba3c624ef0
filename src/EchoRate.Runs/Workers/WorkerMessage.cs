using System.Text.Json;
using System.Text.Json.Serialization;
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
/// <param name="Kind">What kind of trouble, by the name of its exception: it decides what becomes of the run.</param>
/// <param name="Message">One line; of a bug, all that is known.</param>
internal sealed record WorkerError(string Kind, string Message)
{
    private const string DeviceMemory = nameof(EngineException.IsDeviceOutOfMemory);

    [JsonIgnore]
    public bool IsMemory => Kind == nameof(OutOfMemoryException);

    public static WorkerError Of(Exception e) =>
        e switch
        {
            EngineException { IsDeviceOutOfMemory: true } => new(DeviceMemory, e.Message),
            IOException or UnauthorizedAccessException => new(nameof(IOException), e.Message),
            OutOfMemoryException => new(nameof(OutOfMemoryException), e.Message),
            EngineException or RunException or RunDiffersException or NativeLibraryException => new(
                e.GetType().Name,
                e.Message
            ),
            _ => new("", e.ToString()),
        };

    /// <summary>The exception to throw in the parent, as if it had happened there.</summary>
    public Exception ToException() =>
        Kind switch
        {
            DeviceMemory => new EngineException(Message) { IsDeviceOutOfMemory = true },
            nameof(EngineException) => new EngineException(Message),
            nameof(IOException) => new IOException(Message),
            nameof(RunException) => new RunException(Message),
            nameof(RunDiffersException) => new RunDiffersException(Message),
            nameof(NativeLibraryException) => new NativeLibraryException(Message),
            _ => new InvalidOperationException($"in the worker process: {Message}"),
        };
}
