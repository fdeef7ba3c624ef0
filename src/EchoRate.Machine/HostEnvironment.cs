using System.Collections;
using System.Runtime.InteropServices;
using EchoRate.Core.Engine;

namespace EchoRate.Machine;

/// <summary>What the surroundings of this process are: read once at the edge and passed in, so that tests can invent another.</summary>
public sealed record HostEnvironment
{
    /// <summary>Names the folder in which EchoRate keeps what it fetched, instead of the user's data folder.</summary>
    public const string HomeVariable = "ECHORATE_HOME";

    /// <summary>The operating system.</summary>
    public required HostSystem System { get; init; }

    /// <summary>The architecture of this process: under emulation that of the process counts, not of the machine.</summary>
    public required Architecture Architecture { get; init; }

    /// <summary>True on Linux with musl, where libraries built for glibc do not load.</summary>
    public bool IsMusl { get; init; }

    /// <summary>The environment variables, also given to child processes.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>The folder of the running program.</summary>
    public required string ProgramFolder { get; init; }

    /// <summary>The folder against which relative paths in variables are read.</summary>
    public required string CurrentFolder { get; init; }

    /// <summary>The user's home folder; empty when there is none.</summary>
    public required string UserFolder { get; init; }

    /// <summary>Windows' folder for local application data; empty elsewhere.</summary>
    public string LocalApplicationData { get; init; } = "";

    /// <summary>The platform in the words of the packages: <c>linux-x64</c>, <c>win-arm64</c>, <c>mac-x64</c>, <c>linux-musl-x64</c> …</summary>
    public string Platform => $"{SystemName}-{ArchitectureName}";

    /// <summary>EchoRate's per-user folder; it need not exist yet.</summary>
    public string DataFolder
    {
        get
        {
            if (Variable(HomeVariable) is { } home)
                return Path.GetFullPath(home, CurrentFolder);
            return Path.Combine(UserDataFolder(), "echorate");
        }
    }

    private string SystemName =>
        System switch
        {
            HostSystem.Linux when IsMusl => "linux-musl",
            HostSystem.Linux => "linux",
            HostSystem.Windows => "win",
            HostSystem.MacOS => "mac",
            _ => "other",
        };

    private string ArchitectureName => Architecture.ToString().ToLowerInvariant();

    /// <summary>An environment variable; null when absent or empty.</summary>
    public string? Variable(string name) =>
        Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The surroundings of this very process.</summary>
    public static HostEnvironment Current() =>
        new()
        {
            System = CurrentSystem(),
            Architecture = RuntimeInformation.ProcessArchitecture,
            IsMusl = RuntimeInformation.RuntimeIdentifier.Contains(
                "musl",
                StringComparison.Ordinal
            ),
            Variables = CurrentVariables(),
            ProgramFolder = AppContext.BaseDirectory,
            CurrentFolder = Environment.CurrentDirectory,
            UserFolder = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            LocalApplicationData = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : "",
        };

    private static HostSystem CurrentSystem() =>
        OperatingSystem.IsLinux() ? HostSystem.Linux
        : OperatingSystem.IsWindows() ? HostSystem.Windows
        : OperatingSystem.IsMacOS() ? HostSystem.MacOS
        : HostSystem.Other;

    private static Dictionary<string, string> CurrentVariables()
    {
        // Windows spells it Path, and does not mind the case.
        var variables = new Dictionary<string, string>(
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal
        );
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }

    private string UserDataFolder()
    {
        // The XDG specification: a relative path is invalid and is to be ignored.
        if (
            System is HostSystem.Linux or HostSystem.Other
            && Variable("XDG_DATA_HOME") is { } xdg
            && Path.IsPathRooted(xdg)
        )
            return xdg;
        if (System == HostSystem.Windows && LocalApplicationData.Length > 0)
            return LocalApplicationData;
        if (UserFolder.Length == 0)
            throw new NativeLibraryException(
                $"no home folder is known to keep llama.cpp's libraries in: set {HomeVariable} to a folder"
            );
        return System switch
        {
            HostSystem.MacOS => Path.Combine(UserFolder, "Library", "Application Support"),
            HostSystem.Windows => Path.Combine(UserFolder, "AppData", "Local"),
            _ => Path.Combine(UserFolder, ".local", "share"),
        };
    }
}
