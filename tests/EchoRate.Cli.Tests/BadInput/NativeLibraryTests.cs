using EchoRate.Cli.Tests.Fixtures;

namespace EchoRate.Cli.Tests.BadInput;

/// <summary>A machine on which llama.cpp's libraries cannot be had: code 4, one line, and no empty run folder is left.</summary>
public sealed class NativeLibraryTests(DemoRun demo) : IDisposable
{
    private readonly Workplace _here = new();

    [Fact]
    public void A_folder_without_libraries()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library's name is Linux's");
        Directory.CreateDirectory(_here.Folder.At("llama"));
        _here.Environment["ECHORATE_LLAMA_DIR"] = "llama";

        Refuses("missing library: no libggml-base.so in {folder}/llama (ECHORATE_LLAMA_DIR)");
    }

    [Fact]
    public void A_folder_that_does_not_exist()
    {
        _here.Environment["ECHORATE_LLAMA_DIR"] = "nowhere";

        Refuses($"no such folder: {Path.Combine("{folder}", "nowhere")} (ECHORATE_LLAMA_DIR)");
    }

    [Fact]
    public void Libraries_that_are_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library's name is Linux's");
        foreach (var name in new[] { "libggml-base.so", "libggml.v0.4.0.so", "libllama.v0.4.0.so" })
        {
            _here.Folder.Write("llama/" + name, "not a library");
        }
        _here.Environment["ECHORATE_LLAMA_DIR"] = "llama";

        Refuses(
            "damaged library: libggml-base.so in {folder}/llama (ECHORATE_LLAMA_DIR) is not a 64-bit shared library, or was cut short"
        );
    }

    [Fact]
    public void No_npm_to_fetch_them_with()
    {
        _here.Environment["ECHORATE_LLAMA_DIR"] = null;
        _here.Environment["ECHORATE_HOME"] = _here.Folder.At("home");
        _here.Environment["PATH"] = _here.Folder.At("no-programs");

        Refuses("npm");
    }

    [Fact]
    public void A_run_in_which_no_file_is_here_needs_no_libraries()
    {
        _here.Folder.Write(
            "gguf-manifest.yaml",
            "schema_version: 1\nmodels:\n  - { name: m, files: [{ quant: F16, path: m.gguf }] }\n"
        );
        _here.Environment["ECHORATE_LLAMA_DIR"] = "nowhere";

        var outcome = Program.Echorate.Run(
            _here.Folder.Path,
            _here.Environment,
            "run",
            "--out",
            "r"
        );

        Assert.Equal(5, outcome.ExitCode);
        Assert.Contains("not here: no such file", outcome.Error);
    }

    private void Refuses(string line)
    {
        _here.Refuses(
            4,
            line,
            "run",
            "--file",
            demo.Model("demo-echo-F16"),
            "--threads",
            "1",
            "--out",
            "r"
        );
        _here.Refuses(4, line, "demo", "--threads", "1", "--out", "r");
    }

    public void Dispose() => _here.Dispose();
}
