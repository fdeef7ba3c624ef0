namespace EchoRate.Hub.Cache;

/// <summary>What this room knows of the surrounding system: the home folder and the hub's environment variables.</summary>
/// <param name="HomeFolder">What <c>~</c> stands for.</param>
/// <param name="Variable">The value of an environment variable; null when it is not set.</param>
public sealed record HubEnvironment(string HomeFolder, Func<string, string?> Variable)
{
    /// <summary>The environment of this process.</summary>
    public static HubEnvironment OfThisProcess() =>
        new(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            Environment.GetEnvironmentVariable
        );

    /// <summary>
    /// The folder in which Hugging Face's own programs keep downloaded repositories: <c>HF_HUB_CACHE</c>,
    /// else <c>HF_HOME/hub</c>, else <c>XDG_CACHE_HOME/huggingface/hub</c>, else <c>~/.cache/huggingface/hub</c>.
    /// </summary>
    public string CacheFolder =>
        Path.GetFullPath(Folder("HF_HUB_CACHE") ?? Path.Combine(HubHome, "hub"));

    /// <summary>The file in which Hugging Face's own programs keep the user's token: <c>HF_TOKEN_PATH</c>, else <c>token</c> in their folder.</summary>
    public string TokenFile =>
        Path.GetFullPath(Folder("HF_TOKEN_PATH") ?? Path.Combine(HubHome, "token"));

    /// <summary>The value of a variable that is set and not blank, without surrounding blanks; else null.</summary>
    public string? Value(string variable) =>
        Variable(variable)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Whether a variable says yes, as Hugging Face's own programs read it: 1, on, yes, true in any case.</summary>
    public bool IsOn(string variable) =>
        Value(variable)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private string HubHome =>
        Folder("HF_HOME")
        ?? Within(Folder("XDG_CACHE_HOME"), "huggingface")
        ?? Path.Combine(HomeFolder, ".cache", "huggingface");

    /// <summary>The path with a leading <c>~/</c> replaced; nothing else is expanded.</summary>
    public string ExpandHome(string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Combine(HomeFolder, path[2..])
            : path;

    // An empty variable counts as unset, as it does for most programs.
    private string? Folder(string variable) =>
        Variable(variable) is { Length: > 0 } value ? ExpandHome(value) : null;

    private static string? Within(string? folder, params string[] names) =>
        folder is null ? null : Path.Combine([folder, .. names]);
}
