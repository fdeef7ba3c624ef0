using System.Runtime.InteropServices;
using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine;

/// <summary>An invented machine in a temporary folder, with a scripted npm where a test wants one.</summary>
internal sealed class FakeHost : IDisposable
{
    public FakeHost(
        HostSystem system = HostSystem.Linux,
        Architecture architecture = Architecture.X64
    )
    {
        Root = Directory.CreateTempSubdirectory("echorate-machine-").FullName;
        Host = new()
        {
            System = system,
            Architecture = architecture,
            Variables = new Dictionary<string, string> { ["PATH"] = In("path") },
            ProgramFolder = In("program"),
            CurrentFolder = Root,
            UserFolder = In("user"),
            LocalApplicationData = In("local"),
        };
        Directory.CreateDirectory(In("path"));
    }

    public string Root { get; }

    public HostEnvironment Host { get; private set; }

    /// <summary>The machine's backends, on a disk of which nobody says how full it is.</summary>
    public BackendStore Store => new(Host, _ => null);

    public string In(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Adds an environment variable.</summary>
    public FakeHost With(string name, string value)
    {
        Host = Host with
        {
            Variables = new Dictionary<string, string>(Host.Variables) { [name] = value },
        };
        return this;
    }

    /// <summary>Puts a shell script on PATH as npm; each call adds a line to the file that <see cref="NpmCalls"/> reads.</summary>
    public FakeHost WithNpm(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the scripted npm is a shell script");
        var path = In("path", "npm");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$@\" >> '{In("calls")}'\n{script}\n");
#pragma warning disable CA1416 // Windows was left three lines above.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        // The script itself needs cp and sleep; npm is looked for in our folder first.
        return With(
            "PATH",
            In("path") + Path.PathSeparator + "/usr/bin" + Path.PathSeparator + "/bin"
        );
    }

    /// <summary>The arguments of each call.</summary>
    public string[] NpmCalls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")) : [];

    /// <summary>Puts files where backends' libraries are, as somebody does by hand.</summary>
    public FakeHost WithBackends(params string[] names)
    {
        foreach (var name in names)
        {
            var backend = Backend.Find(Host, name)!;
            Directory.CreateDirectory(Store.FolderOf(backend));
            File.WriteAllText(Path.Combine(Store.FolderOf(backend), backend.FileName), "a library");
        }
        return this;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
