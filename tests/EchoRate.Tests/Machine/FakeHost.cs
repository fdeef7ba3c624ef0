using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Tests.Machine;

/// <summary>An invented machine in a temporary folder, with a scripted npm where a test wants one.</summary>
internal sealed class FakeHost : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("echorate-machine-").FullName;

    public FakeHost(string platform = "linux-x64")
    {
        Host = new() { Platform = platform, DataFolder = In("data") };
    }

    public HostEnvironment Host { get; }

    /// <summary>The machine's backends, on a disk of which nobody says how full it is.</summary>
    public BackendStore Store => new(Host, _ => null, In("npm"));

    public Backend Vulkan => Backend.Find(Host, "vulkan")!;

    public string In(params string[] parts) => Path.Combine([_root, .. parts]);

    /// <summary>The machine's npm is a shell script; each call adds a line to the file that <see cref="NpmCalls"/> reads.</summary>
    public FakeHost WithNpm(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the scripted npm is a shell script");
        File.WriteAllText(In("npm"), $"#!/bin/sh\necho \"$@\" >> '{In("calls")}'\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(In("npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        return this;
    }

    /// <summary>The arguments of each call.</summary>
    public string[] NpmCalls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")) : [];

    /// <summary>Puts files where backends' libraries are, as somebody does by hand.</summary>
    public FakeHost WithBackends(params string[] names)
    {
        foreach (var path in names.Select(name => Store.PathOf(Backend.Find(Host, name)!)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "a library");
        }
        return this;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
