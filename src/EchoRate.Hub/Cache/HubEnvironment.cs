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
        Path.GetFullPath(
            Folder("HF_HUB_CACHE")
                ?? Within(Folder("HF_HOME"), "hub")
                ?? Within(Folder("XDG_CACHE_HOME"), "huggingface", "hub")
                ?? Path.Combine(HomeFolder, ".cache", "huggingface", "hub")
        );

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
