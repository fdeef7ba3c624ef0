namespace EchoRate.Cli.Tests.BadInput;

/// <summary>A machine on which llama.cpp cannot be loaded: code 4, one line, and no empty run folder is left.</summary>
public sealed class NativeLibraryTests(DemoRun demo) : ProgramTests
{
    private const string Variable = "ECHORATE_LLAMASHARP_NATIVE";

    [Fact]
    public void A_folder_without_libraries()
    {
        Directory.CreateDirectory(Folder.At("llama"));

        Refuses($"{Variable}: no libllama in {Path.Combine("{folder}", "llama")}");

        var doctor = Run("doctor --json");
        Assert.Equal(4, doctor.ExitCode);
        var report = JsonDocument.Parse(doctor.Out).RootElement;
        Assert.Equal(("False", ""), (report.Text("would_run"), report.Text("engine")));
        Assert.StartsWith($"{Variable}: no libllama in ", report.Text("failure"));
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
            .First();
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(natives)!))
        {
            var bytes = File.ReadAllBytes(path);
            for (int at; (at = bytes.AsSpan().IndexOf("libgomp.so.1\0"u8)) >= 0; )
            {
                bytes[at + "libgomp.so.".Length] = (byte)'9';
            }
            Folder.Write(Path.Combine("llama", Path.GetFileName(path)), bytes);
        }

        Refuses(
            "cannot load {folder}/llama/libllama.so: libgomp.so.9: cannot open shared object file: No such file or directory; "
                + "install the package that has it: libgomp1 (Debian, Ubuntu), libgomp (Fedora, openSUSE), gcc-libs (Arch)"
        );
    }

    [Fact]
    public void A_run_in_which_no_file_is_here_needs_no_libraries()
    {
        Folder.Write(
            "gguf-manifest.yaml",
            "schema_version: 1\nmodels:\n  - { name: m, files: [{ quant: F16, path: m.gguf }] }\n"
        );
        Variables[Variable] = "nowhere";

        var run = Measure(5, "run");

        Assert.Contains("1 of 1 files are not here; ", run.Outcome.Error);
    }

    private void Refuses(string line)
    {
        Variables[Variable] = "llama";
        Refuses(4, line, $"run --file {demo.Model("demo-echo-F16")} --threads 1 --out r");
        Refuses(4, line, "demo --threads 1 --out r");
    }
}
