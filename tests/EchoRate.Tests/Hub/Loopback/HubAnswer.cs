namespace EchoRate.Tests.Hub.Loopback;

/// <summary>What a host sends back, and where it goes wrong on the way.</summary>
internal sealed record HubAnswer
{
    public required int Status { get; init; }

    public List<(string Name, string Value)> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Bytes of the body that the headers promise; -1 for no promise: the end of the line is the end of the body.</summary>
    public long? Promised { get; init; }

    /// <summary>Bytes of the body after which the line is cut; null for none.</summary>
    public int? CutAt { get; init; }

    /// <summary>Whether the cut is a reset instead of an end.</summary>
    public bool Reset { get; init; }

    /// <summary>Bytes of the body after which nothing comes for longer than anybody waits; null for none.</summary>
    public int? StallAt { get; init; }

    /// <summary>Whether the body comes in drops.</summary>
    public bool Slow { get; init; }

    /// <summary>Sent instead of everything else: no HTTP at all.</summary>
    public byte[]? Noise { get; init; }

    public static HubAnswer Of(int status, params (string, string)[] headers) =>
        new() { Status = status, Headers = [.. headers] };

    public string Head()
    {
        var length = Promised ?? Body.Length;
        var lines = Headers
            .Select(header => $"{header.Name}: {header.Value}\r\n")
            .Append(length < 0 ? "" : $"Content-Length: {length}\r\n");
        return $"HTTP/1.1 {Status} Words\r\n{string.Concat(lines)}Connection: close\r\n\r\n";
    }
}
