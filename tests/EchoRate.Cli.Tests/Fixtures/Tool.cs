using System.ComponentModel;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A program of the machine; where it is missing, or cannot be brought, the test skips with a reason.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end and returns what it said on stdout; skips where it is not here.</summary>
    public static string Run(string folder, string name, params string[] arguments)
    {
        var (code, output, error) = End(folder, name, arguments);
        Assert.True(code == 0, $"{name} {string.Join(' ', arguments)}: code {code}: {error}");
        return output;
    }

    /// <summary>The same, for a program that needs the network, or rights: the test skips where it fails.</summary>
    public static void Try(string folder, string name, params string[] arguments)
    {
        var (code, _, error) = End(folder, name, arguments);
        Assert.SkipWhen(code != 0, $"{name} could not do what the test needs: {error.Trim()}");
    }

    /// <summary>Unpacks a package of npm below a folder; the folder of its files.</summary>
    public static string Fetch(TemporaryFolder folder, string package, string version)
    {
        Try(folder.Path, "npm", "pack", $"{package}@{version}", "--silent");
        Try(folder.Path, "tar", "xzf", $"{package.TrimStart('@').Replace('/', '-')}-{version}.tgz");
        return folder.At("package");
    }

    /// <summary>Unpacks a release of llama.cpp; the folder of its libraries.</summary>
    public static string Unpack(TemporaryFolder folder, string platform, string version) =>
        Path.Combine(Fetch(folder, "@node-llama-cpp/" + platform, version), "bins", platform);

    private static Outcome End(string folder, string name, string[] arguments)
    {
        var end = Start(folder, name, arguments, s_patience);
        Assert.True(end is not null, $"{name} did not end in {s_patience.TotalMinutes} minutes");
        return end;
    }

    /// <summary>Runs a program to its end; null where it had to be ended.</summary>
    internal static Outcome? Start(
        string folder,
        string name,
        string[] arguments,
        TimeSpan patience,
        params IEnumerable<(string Name, string? Value)> variables
    )
    {
        try
        {
            var start = new ProcessStartInfo(name, arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            foreach (var (variable, value) in variables)
            {
                start.Environment[variable] = value;
            }
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
            return new Outcome(process.ExitCode, output.Result, error.Result);
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"{name} is not here: {e.Message}");
            throw;
        }
    }
}
