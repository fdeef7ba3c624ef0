using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Downloading;

/// <summary>How the hub is reached, by the environment variables that Hugging Face's own programs read.</summary>
public sealed record HubSettings
{
    /// <summary>The hub that everybody means.</summary>
    public const string PublicHub = "https://huggingface.co";

    /// <summary>The hub's address, without a slash at the end: <c>HF_ENDPOINT</c>, else <see cref="PublicHub"/>.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The user's token; null where there is none.</summary>
    public HubToken? Token { get; init; }

    /// <summary>Whether there is a token that is kept back, since the hub is another machine over plain http.</summary>
    public bool KeepsTokenBack { get; init; }

    /// <summary>Whether <c>HF_HUB_OFFLINE</c> forbids the network.</summary>
    public bool Offline { get; init; }

    /// <summary>The settings of an environment.</summary>
    /// <exception cref="HubException">A variable holds what cannot be used.</exception>
    public static HubSettings From(HubEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        string address = environment.Value("HF_ENDPOINT") ?? PublicHub;
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint)
            || endpoint.Scheme is not ("http" or "https")
            || endpoint.UserInfo.Length > 0
            || endpoint.Query.Length > 0
            || endpoint.Fragment.Length > 0
        )
        {
            throw new HubException(
                HubFailure.Settings,
                $"HF_ENDPOINT is not an http or https address without user name, '?' and '#'; leave it unset for {PublicHub}"
            );
        }
        HubToken? token = environment.IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN")
            ? null
            : HubToken.Find(environment);
        // Over plain http everybody on the way could read it.
        bool isSafe = endpoint.Scheme == "https" || endpoint.IsLoopback;
        return new HubSettings
        {
            Endpoint = endpoint,
            Token = isSafe ? token : null,
            KeepsTokenBack = token is not null && !isSafe,
            Offline = environment.IsOn("HF_HUB_OFFLINE"),
        };
    }

    /// <summary>The address of a file.</summary>
    internal Uri Address(string repo, string revision, string path) =>
        new(
            $"{Endpoint.AbsoluteUri.TrimEnd('/')}/{repo}/resolve/{Uri.EscapeDataString(revision)}/"
                + string.Join('/', path.Split('/').Select(Uri.EscapeDataString))
        );

    /// <summary>The page of a repository, for people.</summary>
    internal string Page(string repo) => $"{Endpoint.AbsoluteUri.TrimEnd('/')}/{repo}";

    /// <summary>The endpoint in words.</summary>
    internal string Host => Wording.Plain(Endpoint.Authority);
}
