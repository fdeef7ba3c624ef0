using System.Runtime.InteropServices;
using EchoRate.Core.Files;

namespace EchoRate.Machine.Host;

/// <summary>The operating systems that we tell apart.</summary>
public enum HostSystem
{
    Linux,
    Windows,
    MacOS,
    Other,
}

/// <summary>The surroundings of a process: read once and passed in, so that tests can invent others.</summary>
public sealed record HostEnvironment
{
    /// <summary>Names the folder in which EchoRate keeps what it fetched, instead of the user's data folder.</summary>
    public const string HomeVariable = "ECHORATE_HOME";

    /// <summary>The operating system.</summary>
    public required HostSystem System { get; init; }

    /// <summary>The architecture of the process, which under emulation is not the machine's.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>Whether this is a Linux with musl, where libraries built for glibc do not load.</summary>
    public bool IsMusl { get; init; }

    /// <summary>EchoRate's per-user folder; it need not exist yet. Null where the user has none.</summary>
    public required string? DataFolder { get; init; }

    /// <summary>A path in <see cref="DataFolder"/>.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public string InDataFolder(string name) =>
        DataFolder is { } folder
            ? Path.Combine(folder, name)
            : throw new IOException(
                $"no home folder is known, so what EchoRate downloads has no place; set HOME, or {HomeVariable}"
            );

    /// <summary>The platform in the words of the packages: <c>linux-x64</c>, <c>win-arm64</c>, <c>mac-x64</c>, <c>linux-musl-x64</c> …</summary>
    public string Platform
    {
        get
        {
            var system = System switch
            {
                HostSystem.Linux => IsMusl ? "linux-musl" : "linux",
                HostSystem.Windows => "win",
                HostSystem.MacOS => "mac",
                _ => "other",
            };
            return $"{system}-{Architecture.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>The surroundings of this very process.</summary>
    public static HostEnvironment Current() =>
        new()
        {
            System =
                OperatingSystem.IsLinux() ? HostSystem.Linux
                : OperatingSystem.IsWindows() ? HostSystem.Windows
                : OperatingSystem.IsMacOS() ? HostSystem.MacOS
                : HostSystem.Other,
            Architecture = RuntimeInformation.ProcessArchitecture,
            IsMusl = RuntimeInformation.RuntimeIdentifier.Contains("musl"),
            DataFolder = CurrentDataFolder(),
        };

    private static string? CurrentDataFolder() =>
        Environment.GetEnvironmentVariable(HomeVariable) is { Length: > 0 } named
            ? UserHome.Expand(named, UserHome.Folder) is { } path
                ? Path.GetFullPath(path)
                : null
            : UserHome.DataFolder is { } folder
                ? Path.Combine(folder, "echorate")
                : null;
}
