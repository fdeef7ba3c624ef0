using System.Runtime.InteropServices;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

/// <summary>An invented machine in a temporary folder, with a scripted npm where a test wants one.</summary>
internal sealed class FakeHost : IDisposable
{
    public FakeHost(
        HostSystem system = HostSystem.Linux,
        Architecture architecture = Architecture.X64
    )
    {
        Root = Directory.CreateTempSubdirectory("echorate-natives-").FullName;
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

    /// <summary>Puts a shell script on PATH as npm; each call adds a line to the file that <see cref="NpmCalls"/> counts.</summary>
    public FakeHost WithNpm(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the scripted npm is a shell script");
        var path = In("path", "npm");
        File.WriteAllText(path, $"#!/bin/sh\necho \"$@\" >> '{In("calls")}'\n{script}\n");
#pragma warning disable CA1416 // Windows was left three lines above.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        // The script itself needs cp, mkdir and sleep; npm is looked for in our folder first.
        return With(
            "PATH",
            In("path") + Path.PathSeparator + "/usr/bin" + Path.PathSeparator + "/bin"
        );
    }

    /// <summary>An npm that takes a moment and installs a package with these files.</summary>
    public FakeHost WithInstallingNpm(LlamaPackage package, double seconds = 0)
    {
        var prepared = In("prepared");
        Package(package, prepared);
        return WithNpm(
            $"""
            test -f package-lock.json || exit 9
            mkdir -p node_modules/@node-llama-cpp
            sleep {FormattableString.Invariant($"{seconds}")}
            cp -r '{prepared}' node_modules/{package.NpmName}
            """
        );
    }

    /// <summary>An npm that installs whichever of these packages the lock names.</summary>
    public FakeHost WithInstallingNpm(params LlamaPackage[] packages)
    {
        foreach (var package in packages)
            Package(package, In("prepared-" + package.Name));
        return WithNpm(
            $"""
            name=$(sed -n 's|.*"@node-llama-cpp/\([^"]*\)".*|\1|p' package.json)
            mkdir -p node_modules/@node-llama-cpp
            cp -r '{In("prepared-")}'$name node_modules/@node-llama-cpp/$name
            """
        );
    }

    public int NpmCalls => File.Exists(In("calls")) ? File.ReadAllLines(In("calls")).Length : 0;

    /// <summary>Writes what a package of this name holds: headers with nothing behind, the last one stretched to the real size.</summary>
    public static void Package(LlamaPackage package, string folder)
    {
        var files = FilesOf(package).Select(file => Path.Combine(folder, file)).ToList();
        foreach (var file in files)
            Library(
                file,
                file.EndsWith(".json", StringComparison.Ordinal)
                    ? Metadata(package.Release)
                    : FakeLibrary.For(package)
            );
        using var last = File.OpenWrite(files[^1]);
        var others = files.SkipLast(1).Sum(file => new FileInfo(file).Length);
        // A hole in the file: it takes no room on the disk.
        last.SetLength(package.LibraryBytes - others);
    }

    /// <summary>Writes a folder of llama.cpp's libraries for this host.</summary>
    public string Libraries(string name, params string[] files)
    {
        var folder = In(name);
        Directory.CreateDirectory(folder);
        foreach (var file in files)
            Library(Path.Combine(folder, file), FakeLibrary.For(Host.System, Host.Architecture));
        return folder;
    }

    public static string[] FilesOf(LlamaPackage package) =>
        [
            .. LlamaPackageListing
                .Text.Split('\n')
                .Select(line => line.Trim().Split(' '))
                .Where(words => words[0] == package.Name)
                .Select(words => words[1]),
        ];

    public static byte[] Metadata(string release) =>
        System.Text.Encoding.UTF8.GetBytes(
            """{"buildOptions":{"llamaCpp":{"repo":"ggml-org/llama.cpp","release":"TAG"}}}""".Replace(
                "TAG",
                release,
                StringComparison.Ordinal
            )
        );

    public static void Library(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
