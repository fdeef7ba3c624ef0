namespace EchoRate.Cli.Tests.BadInput;

/// <summary>A machine on which llama.cpp cannot be loaded: code 4, one line, and no empty run folder is left.</summary>
public sealed class NativeLibraryTests(DemoRun demo) : IDisposable
{
    private const string Variable = "ECHORATE_LLAMASHARP_NATIVE";

    private readonly Workplace _here = new();

    [Fact]
    public void A_folder_without_libraries()
    {
        Directory.CreateDirectory(_here.Folder.At("llama"));
        _here.Environment[Variable] = "llama";

        Refuses($"{Variable}: no libllama in {Path.Combine("{folder}", "llama")}");
    }

    // The program's own libraries, which now ask for a libgomp that no system has.
    [Fact]
    public void A_system_without_libgomp()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux's libraries need libgomp");
        var natives = Directory
            .EnumerateFiles(
                Path.Combine(AppContext.BaseDirectory, "runtimes"),
                "libllama.so",
                SearchOption.AllDirectories
            )
            .Select(path => Path.GetDirectoryName(path)!)
            .First();
        foreach (var path in Directory.EnumerateFiles(natives))
        {
            var bytes = File.ReadAllBytes(path);
            for (int at; (at = bytes.AsSpan().IndexOf("libgomp.so.1\0"u8)) >= 0; )
            {
                bytes[at + "libgomp.so.".Length] = (byte)'9';
            }
            _here.Folder.Write(Path.Combine("llama", Path.GetFileName(path)), bytes);
        }
        _here.Environment[Variable] = "llama";

        Refuses(
            "cannot load {folder}/llama/libllama.so: libgomp.so.9: cannot open shared object file: No such file or directory; "
                + "install the package that has it: libgomp1 (Debian, Ubuntu), libgomp (Fedora, openSUSE), gcc-libs (Arch)"
        );
    }

    [Fact]
    public void A_run_in_which_no_file_is_here_needs_no_libraries()
    {
        _here.Folder.Write(
            "gguf-manifest.yaml",
            "schema_version: 1\nmodels:\n  - { name: m, files: [{ quant: F16, path: m.gguf }] }\n"
        );
        _here.Environment[Variable] = "nowhere";

        var outcome = Echorate.Run(_here.Folder.Path, _here.Environment, "run --out r");

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("1 of 1 files are not here; ", outcome.Error);
    }

    private void Refuses(string line)
    {
        _here.Refuses(4, line, $"run --file {demo.Model("demo-echo-F16")} --threads 1 --out r");
        _here.Refuses(4, line, "demo --threads 1 --out r");
    }

    public void Dispose() => _here.Dispose();
}
