namespace EchoRate.Runs.Executing;

/// <summary>Where one file goes on one target: planned before the run, kept in run.json, so that a run that is gone on with does the same again.</summary>
public sealed record FilePlan
{
    /// <summary>The file's place among all files on all targets, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>Layers on GPUs, the output layer counted as one; 0 leaves all on the CPU.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Layers in all, the output layer counted as one.</summary>
    public required int Layers { get; init; }

    /// <summary>Layers, from the first on, whose experts stay on the CPU.</summary>
    public int CpuExpertLayers { get; init; }

    /// <summary>The GPUs that take layers, in their order.</summary>
    public IReadOnlyList<PlannedDevice> Devices { get; init; } = [];

    /// <summary>Most rows in a batch; null for as many as main memory holds when the file begins.</summary>
    public int? Sequences { get; init; }

    /// <summary>Most tokens in a batch; null for the usual number.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether a second context decodes a batch while another is read. The rows are the same.</summary>
    public bool HasSecondContext { get; init; }

    /// <summary>Main memory that the file takes, as predicted, in bytes.</summary>
    public long HostBytes { get; init; }

    /// <summary>Layers to try, in order, should a GPU run out of memory; 0 is the CPU.</summary>
    public IReadOnlyList<int> Fallbacks { get; init; } = [];

    /// <summary>Whether a GPU was asked for, so that a run without one says so.</summary>
    public bool IsGpuWanted { get; init; }

    /// <summary>The plan in one line.</summary>
    public required string Explanation { get; init; }

    /// <summary>What differs from another plan in ways that show in the last digits; empty where nothing does.</summary>
    internal string Shape =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{GpuLayers} of {Layers} layers ({string.Join(" + ", Devices.Select(device => device.Layers))}), experts of {CpuExpertLayers} on CPU, batches of {Sequences} rows and {BatchSize} tokens"
        );
}

/// <summary>What one GPU takes of a file.</summary>
/// <param name="Name">The engine's name for it.</param>
/// <param name="Layers">Layers on it.</param>
/// <param name="Bytes">Its memory that they take, as predicted.</param>
/// <param name="FreeBytes">Its memory that was free.</param>
/// <param name="TotalBytes">Its memory in all.</param>
public sealed record PlannedDevice(
    string Name,
    int Layers,
    long Bytes,
    long FreeBytes,
    long TotalBytes
);
