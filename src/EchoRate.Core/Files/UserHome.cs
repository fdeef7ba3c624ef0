namespace EchoRate.Core.Files;

/// <summary>The one place that knows the user's own folders. A path that is not rooted is none: it would be a folder of whatever the current one is.</summary>
public static class UserHome
{
    /// <summary>What <c>~</c> stands for; null where the system names none.</summary>
    public static string? Folder { get; } = Of(Environment.SpecialFolder.UserProfile);

    /// <summary>Where programs keep what they fetch; null where the system names none. (.NET knows XDG_DATA_HOME, %LOCALAPPDATA% and macOS' "Application Support".)</summary>
    public static string? DataFolder { get; } = Of(Environment.SpecialFolder.LocalApplicationData);

    /// <summary>The path with a leading <c>~</c> replaced, which no shell does behind <c>=</c> or in quotes; nothing else is expanded.</summary>
    /// <returns>Null where it begins with <c>~</c> and there is no home folder.</returns>
    public static string? Expand(string path, string? home) =>
        path != "~" && !path.StartsWith("~/", StringComparison.Ordinal) ? path
        : Path.IsPathRooted(home) ? Path.Combine(home, path.TrimStart('~').TrimStart('/'))
        : null;

    // A home folder that is not there yet is still the home folder; without this flag it would be an empty text.
    private static string? Of(Environment.SpecialFolder folder) =>
        Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify) is { } path
        && Path.IsPathRooted(path)
            ? path
            : null;
}
