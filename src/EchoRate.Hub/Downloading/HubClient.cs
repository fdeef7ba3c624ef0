using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Downloading;

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
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = timing.Stall,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                MaxResponseDrainSize = 0,
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", program);
        // Bytes as they are: their count and their hash are what is compared.
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Encoding", "identity");
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>What the hub says of a file.</summary>
    /// <exception cref="HubException">It does not have it, does not give it, or could not be asked.</exception>
    public async Task<RemoteFile> HeadAsync(HubAddress file, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await SendAsync(
                HttpMethod.Head,
                file,
                range: null,
                IsDescribed,
                cancellation
            )
            .ConfigureAwait(false);
        string commit = Header(answer, "X-Repo-Commit") ?? "";
        string etag = Unquoted(Header(answer, "X-Linked-Etag") ?? Header(answer, "ETag") ?? "");
        long? size = long.TryParse(
            Header(answer, "X-Linked-Size"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long linked
        )
            ? linked
            : answer.Content.Headers.ContentLength;
        if (!Cache.CacheFolders.IsCommit(commit) || etag.Length == 0 || size is not > 0)
        {
            throw new HubException(
                HubFailure.Answer,
                $"{file}: {_settings.Host} does not answer as a hub does (commit {Wording.Quote(commit)}, etag {Wording.Quote(etag)}, {size?.ToString(CultureInfo.InvariantCulture) ?? "no"} bytes); is HF_ENDPOINT right?"
            );
        }
        return new RemoteFile(file, commit, etag, size.Value);
    }

    /// <summary>A file's bytes from an offset on. The answer is 200 (from the start), 206, or 416.</summary>
    /// <exception cref="HubException">The hub or its CDN does not give them.</exception>
    public Task<HttpResponseMessage> OpenAsync(
        HubAddress file,
        long from,
        CancellationToken cancellation
    ) =>
        SendAsync(
            HttpMethod.Get,
            file,
            from == 0 ? null : new RangeHeaderValue(from, null),
            _ => false,
            cancellation
        );

    // The first answer that names the content is the one that counts; where the bytes lie is asked again with each GET.
    private static bool IsDescribed(HttpResponseMessage answer) =>
        answer.Headers.Contains("X-Repo-Commit") && answer.Headers.Contains("X-Linked-Etag");

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        HubAddress file,
        RangeHeaderValue? range,
        Func<HttpResponseMessage, bool> isEnough,
        CancellationToken cancellation
    )
    {
        Uri address = _settings.Address(file.Repo, file.Revision, file.Path);
        for (int hops = 0; ; hops++)
        {
            HttpResponseMessage answer = await SendOnceAsync(
                    method,
                    address,
                    range,
                    file,
                    cancellation
                )
                .ConfigureAwait(false);
            int status = (int)answer.StatusCode;
            if (
                isEnough(answer) && status < 400
                || status is 200 or 206
                || status == 416 && range is not null
            )
            {
                return answer;
            }
            using (answer)
            {
                if (status is not (301 or 302 or 303 or 307 or 308))
                {
                    throw Refusals.Of(answer, file, _settings, IsHub(address), _timing.Clock);
                }
                address = Redirects.Follow(address, answer.Headers.Location, file);
                if (hops == MostRedirects)
                {
                    throw new HubException(
                        HubFailure.Answer,
                        $"{file}: more than {MostRedirects} redirects"
                    );
                }
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method,
        Uri address,
        RangeHeaderValue? range,
        HubAddress file,
        CancellationToken cancellation
    )
    {
        using HttpRequestMessage request = new(method, address);
        request.Headers.Range = range;
        if (_settings.Token is { } token && IsHub(address))
        {
            request.Headers.TryAddWithoutValidation("Authorization", token.Bearer);
        }
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation
        );
        patience.CancelAfter(_timing.Stall);
        try
        {
            return await _http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Broken(file, address, "no answer in time", null);
        }
        catch (HttpRequestException problem)
        {
            throw Broken(file, address, Wording.Plain(problem.Message), problem);
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

    private static HubException Broken(
        HubAddress file,
        Uri address,
        string what,
        Exception? inner
    ) =>
        new(HubFailure.Unreachable, $"{file}: {Wording.Plain(address.Authority)}: {what}", inner)
        {
            IsTransient = true,
        };

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out IEnumerable<string>? values)
            ? values.FirstOrDefault()?.Trim()
            : null;

    private static string Unquoted(string etag) =>
        (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"');
}
