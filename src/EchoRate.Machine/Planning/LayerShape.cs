namespace EchoRate.Machine.Planning;

/// <summary>What one block of a model takes.</summary>
public sealed record LayerShape
{
    /// <summary>Bytes of its weights, experts aside.</summary>
    public required long DenseBytes { get; init; }

    /// <summary>Bytes of its experts; 0 in a dense block.</summary>
    public long ExpertBytes { get; init; }

    /// <summary>Bytes of its largest tensor, experts aside.</summary>
    public required long LargestDenseBytes { get; init; }

    /// <summary>Bytes of its largest tensor of experts; 0 in a dense block.</summary>
    public long LargestExpertBytes { get; init; }

    /// <summary>Bytes of keys and values, F32, that one token of the cache takes.</summary>
    public required long CacheBytesPerToken { get; init; }

    /// <summary>Bytes of all its weights.</summary>
    public long Bytes => DenseBytes + ExpertBytes;
}
