namespace EchoRate.Tests.Hub.Loopback;

/// <summary>Faults drawn from a seed, one in a few requests: everything that a line, a proxy, a CDN or a disk on the way can do.</summary>
internal sealed class SeededFaults(int seed, double hubRate, double cdnRate)
{
    // Requests come from several threads; the draw is one.
    private readonly Lock _draw = new();
    private readonly Random _random = new(seed);

    /// <summary>How often each fault was drawn.</summary>
    public Dictionary<string, int> Drawn { get; } = [];

    public HubAnswer Bend(HubRequest request, HubAnswer answer)
    {
        lock (_draw)
        {
            if (_random.NextDouble() >= (request.IsCdn ? cdnRate : hubRate))
            {
                return answer;
            }
            var (name, bent) =
                request.Method == "HEAD" || !request.IsCdn ? Refuse(answer) : Spoil(answer);
            Drawn[name] = Drawn.GetValueOrDefault(name) + 1;
            return bent;
        }
    }

    private (string, HubAnswer) Refuse(HubAnswer answer) =>
        _random.Next(9) switch
        {
            0 => ("429", HubAnswer.Of(429, ("Retry-After", "7"))),
            1 => ("500", HubAnswer.Of(500)),
            2 => ("503", HubAnswer.Of(503, ("Retry-After", "Wed, 21 Oct 2099 07:28:00 GMT"))),
            3 => ("502", HubAnswer.Of(502)),
            4 => ("401", HubAnswer.Of(401)),
            8 => ("404", HubAnswer.Of(404)),
            5 => ("no answer", answer with { Noise = [] }),
            6 => ("noise", answer with { Noise = [.. "\0\x01SSH-2.0-what\r\n"u8] }),
            _ => ("no headers", HubAnswer.Of(200)),
        };

    private (string, HubAnswer) Spoil(HubAnswer answer)
    {
        var body = answer.Body;
        switch (_random.Next(12))
        {
            case 0:
                return ("cut", answer with { CutAt = _random.Next(body.Length + 1) });
            case 1:
                return (
                    "reset",
                    answer with
                    {
                        CutAt = _random.Next(body.Length + 1),
                        Reset = true,
                    }
                );
            case 2:
                return ("short", answer with { Body = body[..(body.Length / 2)] });
            case 3:
                return ("wrong byte", answer with { Body = Flip(body) });
            case 4:
                return (
                    "too long",
                    answer with
                    {
                        Body = (byte[])[.. body.Span, 1, 2, 3],
                        Promised = -1,
                    }
                );
            case 5:
                return (
                    "ends early",
                    answer with
                    {
                        Body = body[..(body.Length / 3)],
                        Promised = -1,
                    }
                );
            case 6:
                return ("416", HubAnswer.Of(416));
            case 7:
                return ("503", HubAnswer.Of(503));
            case 8:
                return ("expired", HubAnswer.Of(403));
            case 9:
                return (
                    "wrong range",
                    answer with
                    {
                        Status = 206,
                        Headers =
                        [
                            ("Content-Range", $"bytes 3-{body.Length + 2}/{body.Length + 3}"),
                        ],
                    }
                );
            case 10:
                return ("slow", answer with { Slow = true });
            default:
                // Rare, for it takes real time.
                return _random.Next(8) == 0
                    ? ("stall", answer with { StallAt = _random.Next(body.Length + 1) })
                    : ("noise", answer with { Noise = [.. "HTTP/9.9 what\r\n"u8] });
        }
    }

    private byte[] Flip(ReadOnlyMemory<byte> body)
    {
        var bytes = body.ToArray();
        if (bytes.Length > 0)
        {
            bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
        }
        return bytes;
    }
}
