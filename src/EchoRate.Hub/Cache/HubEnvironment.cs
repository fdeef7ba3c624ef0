using EchoRate.Core.Files;

namespace EchoRate.Hub.Cache;

/// <summary>The folders and switches of Hugging Face's own programs, by the environment variables that they read.</summary>
/// <param name="HomeFolder">What <c>~</c> stands for; null for nothing.</param>
/// <param name="Variable">The value of an environment variable; null when it is not set.</param>
public sealed record HubEnvironment(string? HomeFolder, Func<string, string?> Variable)
{
    /// <summary>The environment of this process.</summary>
    public static HubEnvironment OfThisProcess() =>
        new(UserHome.Folder, Environment.GetEnvironmentVariable);

    /// <summary>
    /// Where downloaded repositories are kept: <c>HF_HUB_CACHE</c>, else <c>HF_HOME/hub</c>, else <c>XDG_CACHE_HOME/huggingface/hub</c>, else
    /// <c>~/.cache/huggingface/hub</c>.
    /// </summary>
    /// <exception cref="HubException">No variable names it, and there is no home folder.</exception>
    public string CacheFolder =>
        Path.GetFullPath(Folder("HF_HUB_CACHE") ?? Path.Combine(HubHome, "hub"));

    /// <summary>The file in which the user's token is kept: <c>HF_TOKEN_PATH</c>, else <c>token</c> in the hub's folder.</summary>
    /// <exception cref="HubException">No variable names it, and there is no home folder.</exception>
    public string TokenFile =>
        Path.GetFullPath(Folder("HF_TOKEN_PATH") ?? Path.Combine(HubHome, "token"));

    private string HubHome =>
        Folder("HF_HOME")
        ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? ExpandHome("~/.cache"), "huggingface");

    /// <summary>The value of a variable that is set and not blank, without surrounding blanks; else null.</summary>
    public string? Value(string variable) =>
        Variable(variable)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a variable says yes, as Hugging Face's own programs read it: 1, on, yes, true in any case.</summary>
    public bool IsOn(string variable) =>
        Value(variable)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    /// <summary>The path with a leading <c>~/</c> replaced; nothing else is expanded.</summary>
    public string ExpandHome(string path) =>
        UserHome.Expand(path, HomeFolder)
        ?? throw new HubException(
            "no home folder is known, so '~' and the Hugging Face cache have no place; set HOME, or HF_HOME for the cache"
        );

    // An empty variable counts as unset, as it does for most programs.
    private string? Folder(string variable) =>
        Variable(variable) is { Length: > 0 } value ? ExpandHome(value) : null;
}
