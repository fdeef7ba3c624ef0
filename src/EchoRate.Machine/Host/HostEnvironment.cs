using System.Runtime.InteropServices;
using EchoRate.Core.Files;

namespace EchoRate.Machine.Host;

/// <summary>The surroundings of a process: read once and passed in, so that tests can invent others.</summary>
public sealed record HostEnvironment
{
    /// <summary>Names the folder in which EchoRate keeps what it fetched, instead of the user's data folder.</summary>
    public const string HomeVariable = "ECHORATE_HOME";

    /// <summary>The platform of the process in the words of the packages: <c>linux-x64</c>, <c>win-arm64</c>, <c>mac-x64</c>, <c>linux-musl-x64</c> …</summary>
    public required string Platform { get; init; }

    /// <summary>EchoRate's per-user folder; it need not exist yet. Null where the user has none.</summary>
    public required string? DataFolder { get; init; }

    internal bool IsLinux => Platform.StartsWith("linux-", StringComparison.Ordinal);

    internal bool IsWindows => Platform.StartsWith("win-", StringComparison.Ordinal);

    internal bool IsMac => Platform.StartsWith("mac-", StringComparison.Ordinal);

    /// <summary>A path in <see cref="DataFolder"/>.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public string InDataFolder(string name) =>
        DataFolder is { } folder
            ? Path.Combine(folder, name)
            : throw new IOException(
                $"no home folder is known, so what EchoRate downloads has no place; set HOME, or {HomeVariable}"
            );

    /// <summary>The surroundings of this very process.</summary>
    public static HostEnvironment Current()
    {
        // Libraries built for glibc do not load on a Linux with musl.
        var isMusl = RuntimeInformation.RuntimeIdentifier.Contains("musl");
        var system =
            OperatingSystem.IsLinux() ? (isMusl ? "linux-musl" : "linux")
            : OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "mac"
            : "other";
        var architecture = RuntimeInformation.ProcessArchitecture;
        return new()
        {
            Platform = $"{system}-{architecture.ToString().ToLowerInvariant()}",
            DataFolder = CurrentDataFolder(),
        };
    }

    private static string? CurrentDataFolder() =>
        Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } named
            ? UserHome.Expand(named, UserHome.Folder) is { } path
                ? Path.GetFullPath(path)
                : null
            : UserHome.DataFolder is { } folder
                ? Path.Combine(folder, "echorate")
                : null;
}
