using System.Globalization;
using System.Net.Http.Headers;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>
/// Asks the hub: HEAD for what a file is, GET for its bytes. Redirects are followed here and not by the handler, so that the token goes to
/// the hub's own scheme, host and port and nowhere else.
/// </summary>
/// <remarks>
/// The hub answers HEAD on <c>/org/name/resolve/revision/path</c> with <c>X-Repo-Commit</c>, <c>X-Linked-Size</c>, <c>X-Linked-Etag</c> and a
/// redirect to a CDN; <c>X-Error-Code</c> tells 404s and 403s apart. A renamed repository redirects within the hub.
/// </remarks>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 8;

    private readonly HubSettings _settings;
    private readonly HubTiming _timing;
    private readonly HttpClient _http;

    public HubClient(HubSettings settings, HubTiming timing, string program)
    {
        (_settings, _timing) = (settings, timing);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = timing.Stall,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseDrainSize = 0,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", program);
        // Bytes as they are: their count and their hash are what is compared.
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "identity");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the hub says of a file, asked for several times where it does not answer.</summary>
    public async Task<RemoteFile> HeadAsync(HubAddress file, CancellationToken cancellation)
    {
        var retry = new Retry(_timing);
        while (true)
        {
            try
            {
                using var answer = await SendAsync(HttpMethod.Head, file, null, cancellation);
                return Described(file, answer);
            }
            catch (HubException failure)
            {
                await retry.PauseAsync(failure, cancellation);
            }
        }
    }

    /// <summary>A file's bytes from an offset on. The answer is 200 (from the start), 206, or 416.</summary>
    public Task<HttpResponseMessage> OpenAsync(
        HubAddress file,
        long from,
        CancellationToken cancellation
    )
    {
        var range = from == 0 ? null : new RangeHeaderValue(from, null);
        return SendAsync(HttpMethod.Get, file, range, cancellation);
    }

    private RemoteFile Described(HubAddress file, HttpResponseMessage answer)
    {
        var commit = Header(answer, "X-Repo-Commit") ?? "";
        var etag = Header(answer, "X-Linked-Etag") ?? Header(answer, "ETag") ?? "";
        etag = (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"');
        var size = long.TryParse(
            Header(answer, "X-Linked-Size"),
            NumberStyles.None,
            null,
            out var linked
        )
            ? linked
            : answer.Content.Headers.ContentLength;
        if (!CacheFolders.IsCommit(commit) || etag.Length == 0 || size is not > 0)
        {
            throw new HubException(
                $"{file}: {_settings.Host} does not answer as a hub does (commit {Wording.Quote(commit)}, etag {Wording.Quote(etag)}, {size?.ToString() ?? "no"} bytes); is HF_ENDPOINT right?"
            );
        }
        return new RemoteFile(file, commit, etag, size.Value);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        HubAddress file,
        RangeHeaderValue? range,
        CancellationToken cancellation
    )
    {
        var address = _settings.Address(file);
        for (var hops = 0; ; hops++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.Range = range;
            if (_settings.Token is { } token && IsHub(address))
            {
                request.Headers.TryAddWithoutValidation("Authorization", token.Bearer);
            }
            var answer = await SendOnceAsync(request, file, cancellation);
            var status = (int)answer.StatusCode;
            // The first answer that names the content is the one that counts.
            var isDescription =
                method == HttpMethod.Head
                && status < 400
                && answer.Headers.Contains("X-Repo-Commit")
                && answer.Headers.Contains("X-Linked-Etag");
            if (isDescription || status is 200 or 206 || (status == 416 && range is not null))
            {
                return answer;
            }
            using (answer)
            {
                if (status is not (301 or 302 or 303 or 307 or 308))
                {
                    throw new Refusal(file, _settings, answer).Explain(IsHub(address));
                }
                address = Follow(address, answer.Headers.Location, file);
                if (hops == MostRedirects)
                {
                    throw Wrong(file, $"more than {MostRedirects} redirects");
                }
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request,
        HubAddress file,
        CancellationToken cancellation
    )
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_timing.Stall);
        try
        {
            return await _http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                patience.Token
            );
        }
        catch (Exception e)
            when (e is HttpRequestException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            var what = e is HttpRequestException ? Wording.Plain(e.Message) : "no answer in time";
            var host = Wording.Plain(request.RequestUri!.Authority);
            throw new HubException($"{file}: {host}: {what}", e) { IsTransient = true };
        }
    }

    // The same scheme, host and port as the endpoint's.
    private bool IsHub(Uri address) =>
        Uri.Compare(
            address,
            _settings.Endpoint,
            UriComponents.SchemeAndServer,
            UriFormat.Unescaped,
            StringComparison.OrdinalIgnoreCase
        ) == 0;

    /// <summary>Where a redirect leads, if it may be followed.</summary>
    internal static Uri Follow(Uri from, Uri? location, HubAddress file)
    {
        var host = Wording.Plain(from.Authority);
        if (location is null || !Uri.TryCreate(from, location, out var target))
        {
            throw Wrong(file, $"{host} redirects to nowhere");
        }
        if (target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0)
        {
            var scheme = Wording.Quote(target.Scheme);
            throw Wrong(file, $"{host} redirects to what is no web address ({scheme})");
        }
        // On this machine alone there is nobody on the way to read along.
        var isLocal = from.IsLoopback && target.IsLoopback;
        return from.Scheme == "https" && target.Scheme == "http" && !isLocal
            ? throw Wrong(file, $"{host} redirects from https to http, which is not followed")
            : target;
    }

    private static HubException Wrong(HubAddress file, string what) => new($"{file}: {what}");

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
