namespace EchoRate.Cli.Tests.Gpus;

/// <summary>Runs on a GPU: planned, compared with the CPU, and out of memory.</summary>
public sealed class GpuRunTests : IDisposable
{
    // Seven layers, the output layer counted as one.
    private static readonly Miniature s_model = Miniatures.Gemma3;

    private readonly TemporaryFolder _folder = new();

    private string File => _folder.At("mini-gemma3-F16.gguf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_file_on_two_devices_is_a_contrast_of_devices_and_the_GPU_has_two_contexts()
    {
        var outcome = Run(
            await SoftwareGpu.EnvironmentAsync(_folder.Path),
            ["--device", "CPU", "--device", "Vulkan0", "--sequences", "4"]
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var run = new RunOnDisk(_folder.At("run"));
        Assert.Equal(["CPU", "Vulkan0 (llvmpipe)"], run.Files.Rows.Select(file => file["device"]));
        Assert.Equal(["0", "7"], run.Files.Rows.Select(file => file["gpu_layers"]));
        // Asked for 4: batches have a multiple of 16 rows.
        Assert.Equal(["16", "16"], run.Files.Rows.Select(file => file["sequences"]));
        Assert.NotEqual("", run.Files.Rows[1]["peak_device_bytes"]);
        var contrasts = run.Compare.Rows.Where(row => row["contrast"] == "device").ToList();
        Assert.Equal(
            ["echo without", "echo with", "completion without", "completion with"],
            contrasts.Select(row => $"{row["probe"]} {row["a_arm"]}")
        );
        Assert.All(
            contrasts,
            row =>
            {
                Assert.Equal(
                    ("CPU", "Vulkan0 (llvmpipe)", row["probe"] == "echo" ? "27" : "1", "1"),
                    (row["a_device"], row["b_device"], row["items"], row["top1_agreement"])
                );
                Assert.Equal("0", row["lost"]);
            }
        );
        Assert.Equal(
            ["001-mini-gemma3-F16-llamasharp-cpu", "002-mini-gemma3-F16-llamasharp-vulkan0"],
            run.Journals.Select(path => Path.GetFileNameWithoutExtension(path))
        );
        // The workers computed in single precision: in half precision they would be up to 0.1 apart.
        Assert.All(
            contrasts,
            row => Assert.InRange(Math.Abs(row.Number("logprob_delta_mean_nat") ?? 0), 0, 0.01)
        );
        Assert.Equal(
            [false, true],
            JsonDocument
                .Parse(System.IO.File.ReadAllText(_folder.At("run/run.json")))
                .RootElement.GetProperty("plans")
                .EnumerateArray()
                .Select(plan => plan.GetProperty("has_second_context").GetBoolean())
        );
        // The rows stand in their order, though one context is read while the other decodes.
        var devices = run.Echo.Rows.GroupBy(row => row["device"]).ToList();
        Assert.Equal(["CPU", "Vulkan0 (llvmpipe)"], devices.Select(rows => rows.Key));
        string[] same = ["arm", "item", "input_ids", "top1_id", "echo", "status"];
        Assert.Equal(
            devices[0].Select(row => string.Join(' ', same.Select(column => row[column]))),
            devices[1].Select(row => string.Join(' ', same.Select(column => row[column])))
        );
    }

    // Of seven layers with the output layer; where there are three, the first layer that is cut is on the CPU, and the one that looks for BOS on the GPU.
    [Theory]
    [InlineData("lens", "--items w.csv --arms with", "3")]
    [InlineData("cut", "--items w.csv --prompts p.csv --layers 0,5 --heads", "3")]
    [InlineData("positions", "--text story.txt --window 30", "3")]
    [InlineData("prefixes", "--items w.csv --prefixes 4", "all")]
    public async Task A_look_sees_on_a_GPU_what_it_sees_on_the_CPU(
        string look,
        string words,
        string layers
    )
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        s_model.Write(File);
        _folder.Write("w.csv", "item\n James\n red\n");
        _folder.Write("p.csv", "id,prompt,expected\n1, James Mary red, run\n");
        _folder.Write("story.txt", string.Concat(Enumerable.Repeat(" James Mary red run", 10)));

        var outcome = Echorate.Run(
            _folder.Path,
            environment,
            $"{look} mini-gemma3-F16.gguf {words} --device CPU --device Vulkan0 --gpu-layers {layers} --threads 1 --csv data --out run"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        var devices = CsvFile
            .Read(_folder.At($"run/{look}.csv"))
            .Rows.GroupBy(row => row["device"])
            .ToList();
        Assert.Equal(
            ["CPU", "Vulkan0 (llvmpipe)" + (layers == "all" ? "" : " + CPU")],
            devices.Select(rows => rows.Key)
        );
        Assert.All(
            devices[1],
            row => Assert.Equal(layers == "all" ? "7" : layers, row["gpu_layers"])
        );
        Assert.Contains(devices[0], row => row["echo"] == "1");
        Assert.Contains(devices[0], row => row["echo"] == "0");
        Assert.Equal(devices[0].Count(), devices[1].Count());
        Assert.All(devices[0].Zip(devices[1]), pair => AssertSame(pair.First, pair.Second));
    }

    // Ranks far from the top change places where values lie close together.
    private static void AssertSame(CsvRow cpu, CsvRow gpu)
    {
        foreach (var (column, cell) in cpu.Cells)
        {
            if (
                column.EndsWith("_nat")
                || column.Contains("residual_")
                || column == "first_attention"
            )
            {
                var value = cpu.Number(column);
                Assert.Equal(value is null, gpu.Number(column) is null);
                Assert.InRange(
                    Math.Abs((value - gpu.Number(column)) ?? 0),
                    0,
                    Math.Max(0.02, Math.Abs(value ?? 0) / 1000)
                );
            }
            else if (!column.EndsWith("_rank") && column is not ("device" or "gpu_layers"))
            {
                Assert.Equal((column, cell), (column, gpu[column]));
            }
        }
    }

    [Fact]
    public async Task What_was_planned_stands_on_stderr_and_in_run_json_and_is_what_a_resumed_run_does()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var outcome = Run(environment, ["--gpu-layers", "3"]);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains(
            "mini-gemma3 F16: 3 of 7 layers on llvmpipe (0.0 of 2.0 GiB), rest on CPU",
            outcome.ErrorLines
        );
        var run = new RunOnDisk(_folder.At("run"));
        Assert.Equal(
            ("Vulkan0 (llvmpipe) + CPU", "3", ""),
            (
                run.Files.Rows[0]["device"],
                run.Files.Rows[0]["gpu_layers"],
                run.Files.Rows[0]["flags"]
            )
        );
        Assert.All(run.Echo.Rows, row => Assert.Equal("3", row["gpu_layers"]));
        var plan = Assert.Single(
            JsonDocument
                .Parse(System.IO.File.ReadAllText(_folder.At("run/run.json")))
                .RootElement.GetProperty("plans")
                .EnumerateArray()
        );
        Assert.Equal(3, plan.GetProperty("gpu_layers").GetInt32());
        Assert.True(plan.GetProperty("is_gpu_wanted").GetBoolean());
        var device = Assert.Single(plan.GetProperty("devices").EnumerateArray());
        Assert.InRange(
            run.Files.Rows[0].Number("peak_device_bytes")!.Value,
            1,
            device.GetProperty("bytes").GetInt64()
        );
        Assert.Equal(0, Echorate.Run(_folder.Path, environment, "run --resume --out run").ExitCode);
    }

    [Fact]
    public async Task A_device_without_memory_costs_time_and_nothing_else()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        // As if the card were full: no buffer of more than 600 kB is given, which is enough for a trial.
        environment["GGML_VK_FORCE_MAX_ALLOCATION_SIZE"] = "600000";
        environment["GGML_VK_FORCE_MAX_BUFFER_SIZE"] = "600000";
        // Its keys take 1 MB in each layer.
        var model = SizedModels.Wide with
        {
            Name = "sized-keys",
            VocabularySize = 2000,
            Layers = 6,
            Heads = 8,
            KeyHeads = 8,
        };
        model.Write(_folder.At("sized-keys-F16.gguf"));
        var outcome = Run(
            environment,
            ["--gpu-layers", "all", "--items", "sample:8"],
            _folder.At("sized-keys-F16.gguf")
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains(
            "sized-keys F16: a GPU ran out of memory with 7 layers on it; trying 5 layers",
            outcome.Error
        );
        var run = new RunOnDisk(_folder.At("run"));
        var file = run.Files.Rows[0];
        Assert.Equal(("ok", "CPU", "0"), (file["status"], file["device"], file["gpu_layers"]));
        Assert.Equal("gpu_layers_reduced gpu_not_used", file["flags"]);
        Assert.StartsWith("a GPU ran out of memory", file["reason"]);
        Assert.All(run.Echo.Rows, row => Assert.Equal("gpu_not_used", row["flags"]));
    }

    [Fact]
    public void A_GPU_that_is_asked_for_and_not_there_is_a_warning_and_a_flag()
    {
        var outcome = Run([], ["--gpu-layers", "all"]);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.SkipWhen(outcome.Error.Contains(" layers on "), "there is a GPU");
        Assert.Contains(
            "Warning: a GPU was asked for and none is used: llama.cpp of ",
            outcome.Error
        );
        var run = new RunOnDisk(_folder.At("run"));
        Assert.Equal("gpu_not_used", run.Files.Rows[0]["flags"]);
        Assert.All(run.Echo.Rows, row => Assert.Equal("gpu_not_used", row["flags"]));
    }

    [Fact]
    public async Task A_listing_shows_where_each_file_would_go()
    {
        s_model.Write(File);
        System.IO.File.WriteAllText(
            _folder.At("gguf-manifest.yaml"),
            """
            schema_version: 1
            models:
            - name: here
              files:
              - { quant: F16, path: mini-gemma3-F16.gguf }
            - name: far
              files:
              - { quant: Q4_K_M, repo: some/body, path: far.gguf, bytes: 3000000000 }

            """
        );
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var outcome = Echorate.Run(_folder.Path, environment, "list", "--json");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var plans = JsonDocument
            .Parse(outcome.Out)
            .RootElement.GetProperty("files")
            .EnumerateArray()
            .Select(file => file.GetProperty("plan").GetString()!)
            .ToList();
        Assert.Equal("all 7 layers on llvmpipe (0.0 of 2.0 GiB)", plans[0]);
        Assert.Matches(
            @"^estimated from its size: \d+ of \d\d layers on llvmpipe \(\d\.\d of 2\.0 GiB\), rest on CPU",
            plans[1]
        );
        var text = Echorate.Run(_folder.Path, environment, "list").Out;
        Assert.Contains("| Plan ", text);
        Assert.Contains("Vulkan0 (llvmpipe): 2.1 of 2.1 GB free", text);
    }

    [Theory]
    [InlineData("--device: 'GPU7' is not allowed", "--device", "GPU7")]
    [InlineData("--main-gpu: '3' is not allowed", "--main-gpu", "3")]
    [InlineData("--tensor-split: 2 numbers are given", "--tensor-split", "1,2")]
    public void What_no_device_allows_is_refused_before_anything_is_written(
        string line,
        params string[] arguments
    )
    {
        var outcome = Run([], arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("echorate: " + line, outcome.Error.TrimEnd().Split('\n')[^1]);
        Assert.False(Directory.Exists(_folder.At("run")));
    }

    [Theory]
    [InlineData("--device: 'CPU' is given twice", "--device", "CPU", "--device", "CPU")]
    [InlineData(
        "--main-gpu: chooses among the GPUs, and --device names one already; leave one of them out",
        "--main-gpu",
        "0",
        "--device",
        "CPU"
    )]
    [InlineData(
        "--tensor-split: divides among GPUs, and --main-gpu uses one alone; leave one of them out",
        "--tensor-split",
        "1,1",
        "--main-gpu",
        "0"
    )]
    public void Words_that_make_no_sense_are_one_line(string line, params string[] arguments)
    {
        var outcome = Run([], arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("echorate: " + line, outcome.Error);
    }

    private Outcome Run(
        Dictionary<string, string?> environment,
        string[] arguments,
        string? file = null
    )
    {
        s_model.Write(File);
        return Echorate.Run(
            _folder.Path,
            environment,
            [
                .. $"run --file {file ?? File} --prompts published --continue-tokens 0".Split(' '),
                .. arguments.Contains("--items") ? Array.Empty<string>() : ["--items", "words"],
                .. "--threads 1 --out run --csv data".Split(' '),
                .. arguments,
            ]
        );
    }
}
