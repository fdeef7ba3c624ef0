using System.ComponentModel;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A file system of a few KiB, where this machine lets us mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <summary>Mounts it; skips the test where that is not possible.</summary>
    public static SmallDisk Mount(string path, int kibibytes)
    {
        Directory.CreateDirectory(path);
        Assert.SkipUnless(
            OperatingSystem.IsLinux()
                && Call("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path),
            "a small file system cannot be mounted here (needs Linux and root)"
        );
        return new SmallDisk(path);
    }

    /// <inheritdoc />
    public void Dispose() => Call("umount", _path);

    private static bool Call(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
