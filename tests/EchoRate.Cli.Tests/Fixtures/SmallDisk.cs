namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A file system of a few KiB, where this machine lets us mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    /// <summary>Mounts it; skips the test where that is not possible.</summary>
    public static SmallDisk Mount(string path, int kibibytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a small file system needs Linux and root");
        Directory.CreateDirectory(path);
        Tool.Try(path, "mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path);
        return new SmallDisk(path);
    }

    /// <inheritdoc />
    public void Dispose() => Tool.Run("/", "umount", _path);
}
