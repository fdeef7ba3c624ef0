using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>How the hub is reached, by the environment variables that Hugging Face's own programs read.</summary>
public sealed record HubSettings
{
    private const string PublicHub = "https://huggingface.co";

    /// <summary>The hub's address: <c>HF_ENDPOINT</c>, else the hub that everybody means.</summary>
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
        var address = environment.Value("HF_ENDPOINT") ?? PublicHub;
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var endpoint)
            || endpoint.Scheme is not ("http" or "https")
            || endpoint.UserInfo.Length + endpoint.Query.Length + endpoint.Fragment.Length > 0
        )
        {
            throw new HubException(
                $"HF_ENDPOINT is not an http or https address without user name, '?' and '#'; leave it unset for {PublicHub}"
            );
        }
        var token = environment.IsOn("HF_HUB_DISABLE_IMPLICIT_TOKEN")
            ? null
            : HubToken.Find(environment);
        // Over plain http everybody on the way could read it.
        var isSafe = endpoint.Scheme == "https" || endpoint.IsLoopback;
        return new HubSettings
        {
            Endpoint = endpoint,
            Token = isSafe ? token : null,
            KeepsTokenBack = token is not null && !isSafe,
            Offline = environment.IsOn("HF_HUB_OFFLINE"),
        };
    }

    /// <summary>The address of a page or a file on the hub.</summary>
    internal string Page(string path) => $"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}";

    internal Uri Address(HubAddress file) =>
        new(
            Page(
                $"{file.Repo}/resolve/{Uri.EscapeDataString(file.Revision)}/"
                    + string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString))
            )
        );

    internal string Host => Wording.Plain(Endpoint.Authority);
}

/// <summary>The user's access token. It is read once and goes into one header; nothing prints it.</summary>
public sealed class HubToken
{
    private const int MostCharacters = 1000;

    private HubToken(string value) => Bearer = "Bearer " + value;

    internal string Bearer { get; }

    /// <summary>The user's token: <c>HF_TOKEN</c>, else the token file of Hugging Face's own programs; null where there is none.</summary>
    /// <exception cref="HubException">What is there cannot be a token.</exception>
    public static HubToken? Find(HubEnvironment environment)
    {
        if (environment.Value("HF_TOKEN") is { } named)
        {
            return Of(named, "HF_TOKEN");
        }
        var file = environment.TokenFile;
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[MostCharacters + 1];
            var value = new string(text, 0, reader.ReadBlock(text)).Trim();
            return value.Length == 0 ? null : Of(value, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Nothing of the token.</summary>
    public override string ToString() => "(token)";

    // What is wrong is said without the value: it stays a secret when it is wrong too.
    private static HubToken Of(string value, string where) =>
        value.Length <= MostCharacters && value.All(c => c is > ' ' and <= '~')
            ? new HubToken(value)
            : throw new HubException(
                $"{where} does not hold a token: one word of plain characters is needed, as huggingface.co/settings/tokens shows it"
            );
}

/// <summary>How patient downloading is; tests never wait.</summary>
public sealed record HubTiming
{
    /// <summary>How long an answer, or the next bytes, may take.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    public Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;
}
