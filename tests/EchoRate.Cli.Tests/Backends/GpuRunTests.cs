namespace EchoRate.Cli.Tests.Backends;

/// <summary>Runs on a GPU: planned, compared with the CPU, and out of memory.</summary>
public sealed class GpuRunTests : SoftwareGpu
{
    private const string Words =
        "run --file mini-gemma3-F16.gguf --items words --prompts published --continue-tokens 0";

    // Seven layers, the output layer counted as one.
    public GpuRunTests() => Miniatures.Gemma3.Write(Folder.At("mini-gemma3-F16.gguf"));

    [Fact]
    public async Task One_file_on_two_devices_is_a_contrast_of_devices_and_the_GPU_has_two_contexts()
    {
        await SeeGpuAsync();

        var run = Measure($"{Words} --device CPU --device Vulkan0 --sequences 4");

        // Asked for 4: batches have a multiple of 16 rows.
        Assert.Equal(["CPU 0 16", $"{Device} 7 16"], run.Files.Tell("device gpu_layers sequences"));
        Assert.NotEqual("", run.Files.Rows[1]["peak_device_bytes"]);
        var contrasts = run.Compare.Where("contrast=device");
        Assert.Equal(
            [
                $"echo without CPU {Device} 27 1 0",
                $"echo with CPU {Device} 27 1 0",
                $"completion without CPU {Device} 1 1 0",
                $"completion with CPU {Device} 1 1 0",
            ],
            contrasts.Tell("probe a_arm a_device b_device items top1_agreement lost")
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
        Assert.Equal(["False", "True"], run.Info.Each("plans", "has_second_context"));
        // The rows stand in their order, though one context is read while the other decodes.
        const string same = "arm item input_ids top1_id echo status";
        Assert.Equal(
            run.Echo.Where("device=CPU").Tell(same),
            run.Echo.Rows.Where(row => row["device"] == Device).Tell(same)
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
        await SeeGpuAsync();
        Folder.Write("w.csv", "item\n James\n red\n");
        Folder.Write("p.csv", "id,prompt,expected\n1, James Mary red, run\n");
        Folder.Write("story.txt", string.Concat(Enumerable.Repeat(" James Mary red run", 10)));

        var run = Measure(
            $"{look} mini-gemma3-F16.gguf {words} --device CPU --device Vulkan0 --gpu-layers {layers}"
        );

        var devices = run.Csv(look).Rows.GroupBy(row => row.Tell("device gpu_layers")).ToList();
        Assert.Equal(
            ["CPU 0", layers == "all" ? Device + " 7" : $"{Device} + CPU {layers}"],
            devices.Select(rows => rows.Key)
        );
        Assert.Equal(
            ["0", "1"],
            devices[0].Tell("echo").Where(echo => echo != "").Distinct().Order()
        );
        Assert.Equal(devices[0].Count(), devices[1].Count());
        Assert.All(devices[0].Zip(devices[1]), pair => AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public async Task What_was_planned_stands_on_stderr_and_in_run_json_and_is_what_a_resumed_run_does()
    {
        await SeeGpuAsync();

        var run = Measure($"{Words} --backend vulkan --gpu-layers 3");

        Assert.Contains(
            "mini-gemma3 F16: 3 of 7 layers on llvmpipe (0.0 of 2.0 GiB), rest on CPU",
            run.Outcome.ErrorLines
        );
        Assert.Equal([Device + " + CPU 3 "], run.Files.Tell("device gpu_layers flags"));
        Assert.DoesNotContain("Warning", run.Outcome.Error);
        Assert.All(run.Echo.Rows, row => Assert.Equal("3", row["gpu_layers"]));
        var plan = Assert.Single(run.Info.Each("plans"));
        Assert.Equal(("3", "True"), (plan.Text("gpu_layers"), plan.Text("is_gpu_wanted")));
        Assert.InRange(
            run.Files.Rows[0].Number("peak_device_bytes")!.Value,
            1,
            Assert.Single(plan.Each("devices")).Number("bytes")
        );
        Assert.Equal(0, Run("run --resume --out r").ExitCode);
    }

    [Fact]
    public async Task A_device_without_memory_costs_time_and_nothing_else()
    {
        await SeeGpuAsync();
        // As if the card were full: no buffer of more than 600 kB is given, which is enough for a trial.
        Variables["GGML_VK_FORCE_MAX_ALLOCATION_SIZE"] = "600000";
        Variables["GGML_VK_FORCE_MAX_BUFFER_SIZE"] = "600000";
        // Its keys take 1 MB in each layer.
        var model = SizedModels.Wide with
        {
            VocabularySize = 2000,
            Layers = 6,
            Heads = 8,
            KeyHeads = 8,
        };
        model.Write(Folder.At("keys-F16.gguf"));

        var run = Measure(
            "run --file keys-F16.gguf --items sample:8 --prompts published --continue-tokens 0 --gpu-layers all"
        );

        Assert.Contains(
            "keys F16: a GPU ran out of memory with 7 layers on it; trying 5 layers",
            run.Outcome.Error
        );
        Assert.Equal(
            ["ok CPU 0 gpu_layers_reduced gpu_not_used"],
            run.Files.Tell("status device gpu_layers flags")
        );
        Assert.StartsWith("a GPU ran out of memory", run.Files.Rows[0]["reason"]);
        Assert.All(run.Echo.Rows, row => Assert.Equal("gpu_not_used", row["flags"]));
    }

    [Fact]
    public void A_GPU_that_is_asked_for_and_not_there_is_a_warning_and_a_flag()
    {
        var run = Measure($"{Words} --gpu-layers all");

        Assert.SkipWhen(run.Outcome.Error.Contains(" layers on "), "there is a GPU");
        Assert.Contains(
            "Warning: a GPU was asked for and none is used: llama.cpp of ",
            run.Outcome.Error
        );
        Assert.All(
            run.Files.Rows.Concat(run.Echo.Rows),
            row => Assert.Equal("gpu_not_used", row["flags"])
        );
    }

    [Fact]
    public async Task A_listing_shows_where_each_file_would_go()
    {
        Folder.Write(
            "gguf-manifest.yaml",
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
        await SeeGpuAsync();

        var plans = Run("list --json").Json.Each("files", "plan").ToList();
        var text = Run("list").Out;

        Assert.Equal("all 7 layers on llvmpipe (0.0 of 2.0 GiB)", plans[0]);
        Assert.Matches(
            @"^estimated from its size: \d+ of \d\d layers on llvmpipe \(\d\.\d of 2\.0 GiB\), rest on CPU",
            plans[1]
        );
        Assert.Contains("| Plan ", text);
        Assert.Contains("Vulkan0 (llvmpipe): 2.1 of 2.1 GB free", text);
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
}
