namespace EchoRate.Tests.Hub.Loopback;

/// <summary>A request as one of the two hosts heard it.</summary>
internal sealed record HubRequest(
    bool IsCdn,
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers
)
{
    public string? Authorization => Headers.GetValueOrDefault("authorization");

    /// <summary>The first byte asked for; null where the whole file is.</summary>
    public long? From =>
        Headers.GetValueOrDefault("range") is { } range
            ? long.Parse(range["bytes=".Length..^1])
            : null;
}
