using System.ComponentModel;
using System.Diagnostics;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>The user's npm, with the user's own settings for registry, proxy and certificates.</summary>
internal sealed class Npm
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    private readonly HostEnvironment _host;

    private Npm(string path, HostEnvironment host) => (Path, _host) = (path, host);

    /// <summary>Full path of the program.</summary>
    public string Path { get; }

    /// <summary>npm on PATH, or null.</summary>
    public static Npm? Find(HostEnvironment host)
    {
        var names = host.System == HostSystem.Windows ? WindowsNames : ["npm"];
        var candidates =
            from folder in (host.Variable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            where System.IO.Path.IsPathRooted(folder)
            from name in names
            select System.IO.Path.Combine(folder, name);
        var path = candidates.FirstOrDefault(IsProgram);
        return path is null ? null : new(path, host);
    }

    private static readonly string[] WindowsNames = ["npm.exe", "npm.cmd", "npm.bat"];

    /// <summary>Downloads a package's archive into a folder; nothing of it is run.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="backend">Whose package.</param>
    /// <param name="byHand">What to do without a network.</param>
    /// <param name="progress">Hears now and then that npm still runs.</param>
    /// <param name="cancellation">Ends npm and what it started.</param>
    /// <exception cref="NativeLibraryException">npm failed.</exception>
    public async Task<string> PackAsync(
        string folder,
        Backend backend,
        string byHand,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        using var process = Start(folder, backend);
        process.StandardInput.Close();
        var output = Task.WhenAll(
            process.StandardError.ReadToEndAsync(CancellationToken.None),
            process.StandardOutput.ReadToEndAsync(CancellationToken.None)
        );
        try
        {
            await WaitAsync(process, backend, progress, cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        if (process.ExitCode != 0)
        {
            var text = string.Join('\n', await output);
            throw new NativeLibraryException(
                NpmFailure.Read(text, process.ExitCode).Describe(backend, byHand)
            );
        }
        return Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault()
            ?? throw new NativeLibraryException(
                $"failed download of {backend.Package}: npm ended without a word and brought nothing"
            );
    }

    private Process Start(string folder, Backend backend)
    {
        var start = new ProcessStartInfo(Path)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        // The retries make a missing network known in seconds instead of more than a minute.
        foreach (
            var argument in (string[])
                [
                    "pack",
                    $"{backend.Package}@{Backend.PackageVersion}",
                    "--ignore-scripts",
                    "--no-progress",
                    "--no-color",
                    "--no-update-notifier",
                    "--loglevel=error",
                    "--fetch-retry-mintimeout=1000",
                    "--fetch-retry-maxtimeout=5000",
                ]
        )
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in _host.Variables)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new NativeLibraryException($"cannot start {Path}: {e.Message}", e);
        }
    }

    private static async Task WaitAsync(
        Process process,
        Backend backend,
        IProgress<string>? progress,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        var exit = process.WaitForExitAsync(cancellation);
        while (await Task.WhenAny(exit, Task.Delay(SignOfLife, cancellation)) != exit)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report($"still fetching {backend.Name}: {clock.Elapsed.TotalSeconds:F0} s");
        }
        await exit;
    }

    private static bool IsProgram(string path) =>
        File.Exists(path)
        && (
            OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None
        );

    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}
