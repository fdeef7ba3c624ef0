using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace EchoRate.Tests.Hub.Loopback;

/// <summary>
/// A hub on this machine: the paths, headers and redirects of huggingface.co, with its CDN on a second host, and a place to put faults between
/// answer and line.
/// </summary>
internal sealed class LoopbackHub : IDisposable
{
    private readonly TcpListener _hub = new(IPAddress.Loopback, 0);
    private readonly TcpListener _cdn;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<HubRequest> _requests = new();

    public LoopbackHub()
    {
        // The second address of loopback needs no set-up on Linux and Windows; elsewhere another port must do.
        _cdn = new TcpListener(
            OperatingSystem.IsMacOS() ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2"),
            0
        );
        Listen(_hub, isCdn: false);
        Listen(_cdn, isCdn: true);
    }

    public List<HubFile> Files { get; } = [];

    /// <summary>Repositories that ask for a token (and for the licence, where the token is not this).</summary>
    public Dictionary<string, string> Gated { get; } = [];

    /// <summary>Bends an answer before it is sent; called from several threads.</summary>
    public Func<HubRequest, HubAnswer, HubAnswer> Fault { get; set; } = (_, answer) => answer;

    public Uri Endpoint => Address(_hub);

    public Uri Cdn => Address(_cdn);

    public IReadOnlyCollection<HubRequest> Requests => _requests;

    public void Dispose()
    {
        _end.Cancel();
        _hub.Dispose();
        _cdn.Dispose();
        _end.Dispose();
    }

    private static Uri Address(TcpListener listener) => new($"http://{listener.LocalEndpoint}");

    private void Listen(TcpListener listener, bool isCdn)
    {
        listener.Start(512);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    var socket = await listener.AcceptSocketAsync(_end.Token);
                    _ = Task.Run(() => ServeAsync(socket, isCdn));
                }
                catch (Exception e)
                    when (e
                            is OperationCanceledException
                                or ObjectDisposedException
                                or SocketException
                    )
                {
                    return;
                }
            }
        });
    }

    private async Task ServeAsync(Socket socket, bool isCdn)
    {
        try
        {
            using var stream = new NetworkStream(socket, ownsSocket: true);
            if (await ReadAsync(stream, isCdn) is not { } request)
            {
                return;
            }
            _requests.Enqueue(request);
            await SendAsync(
                socket,
                stream,
                request,
                Fault(request, isCdn ? Content(request) : Answer(request))
            );
        }
        catch (Exception e)
            when (e
                    is IOException
                        or SocketException
                        or OperationCanceledException
                        or ObjectDisposedException
            )
        {
            // The other end went away, or the test is over.
        }
    }

    private static async Task<HubRequest?> ReadAsync(NetworkStream stream, bool isCdn)
    {
        var buffer = new byte[16384];
        var count = 0;
        while (!Encoding.ASCII.GetString(buffer, 0, count).Contains("\r\n\r\n"))
        {
            var n = await stream.ReadAsync(buffer.AsMemory(count));
            if (n == 0)
            {
                return null;
            }
            count += n;
        }
        var lines = Encoding.ASCII.GetString(buffer, 0, count).Split("\r\n");
        var words = lines[0].Split(' ');
        return new HubRequest(
            isCdn,
            words[0],
            Uri.UnescapeDataString(words[1]),
            lines
                .Skip(1)
                .TakeWhile(line => line.Length > 0)
                .Select(line => line.Split(':', 2))
                .ToDictionary(
                    pair => pair[0].ToLowerInvariant(),
                    pair => pair[1].Trim(),
                    StringComparer.Ordinal
                )
        );
    }

    private async Task SendAsync(
        Socket socket,
        NetworkStream stream,
        HubRequest request,
        HubAnswer answer
    )
    {
        if (answer.Noise is { } noise)
        {
            await stream.WriteAsync(noise);
            return;
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer.Head()));
        if (request.Method == "HEAD")
        {
            return;
        }
        var body = answer.Body;
        var stop = answer.StallAt ?? answer.CutAt ?? body.Length;
        body = body[..Math.Min(stop, body.Length)];
        var drop = answer.Slow ? body.Length / 8 + 1 : body.Length;
        for (var sent = 0; sent < body.Length; sent += drop)
        {
            await stream.WriteAsync(body.Slice(sent, Math.Min(drop, body.Length - sent)));
            if (answer.Slow)
            {
                await Task.Delay(1, _end.Token);
            }
        }
        if (answer.StallAt is not null)
        {
            await Task.Delay(TimeSpan.FromSeconds(30), _end.Token);
        }
        if (answer.Reset)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
    }

    // /org/name/resolve/revision/path
    private HubAnswer Answer(HubRequest request)
    {
        var parts = request.Path.Split('/', 6);
        if (parts.Length < 6 || parts[3] != "resolve")
        {
            return HubAnswer.Of(404);
        }
        var (repo, revision, path) = ($"{parts[1]}/{parts[2]}", parts[4], parts[5]);
        if (Gated.TryGetValue(repo, out var token) && request.Authorization != "Bearer " + token)
        {
            return HubAnswer.Of(
                request.Authorization is null ? 401 : 403,
                ("X-Error-Code", "GatedRepo")
            );
        }
        var files = Files.Where(file => file.Repo == repo).ToList();
        if (files.Count == 0)
        {
            return HubAnswer.Of(
                request.Authorization is null ? 401 : 404,
                ("X-Error-Code", "RepoNotFound")
            );
        }
        files =
        [
            .. files.Where(file => file.Commit == revision || file.Branches.Contains(revision)),
        ];
        if (files.Count == 0)
        {
            return HubAnswer.Of(404, ("X-Error-Code", "RevisionNotFound"));
        }
        if (files.Find(file => file.Path == path) is not { } found)
        {
            return HubAnswer.Of(
                404,
                ("X-Error-Code", "EntryNotFound"),
                ("X-Repo-Commit", files[0].Commit)
            );
        }
        return found.IsSmall
            ? Range(request, found) with
            {
                Headers = [("X-Repo-Commit", found.Commit), ("ETag", $"\"{found.GitHash}\"")],
            }
            : HubAnswer.Of(
                302,
                ("X-Repo-Commit", found.Commit),
                ("X-Linked-Size", found.Bytes.Length.ToString()),
                ("X-Linked-Etag", $"\"{found.Sha256}\""),
                ("Location", new Uri(Cdn, $"/{found.Sha256}?signature=abc").AbsoluteUri)
            );
    }

    private HubAnswer Content(HubRequest request) =>
        Files.Find(file => request.Path.StartsWith("/" + file.Sha256)) is { } file
            ? Range(request, file)
            : HubAnswer.Of(404);

    private static HubAnswer Range(HubRequest request, HubFile file)
    {
        if (request.From is not { } from)
        {
            return new HubAnswer { Status = 200, Body = file.Bytes };
        }
        return from >= file.Bytes.Length
            ? HubAnswer.Of(416, ("Content-Range", $"bytes */{file.Bytes.Length}"))
            : new HubAnswer
            {
                Status = 206,
                Headers =
                [
                    ("Content-Range", $"bytes {from}-{file.Bytes.Length - 1}/{file.Bytes.Length}"),
                ],
                Body = file.Bytes.AsMemory((int)from),
            };
    }
}
