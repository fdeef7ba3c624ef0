using EchoRate.Machine.Host;
using EchoRate.Machine.Planning;

namespace EchoRate.LLamaSharp.Tests.Offloading;

/// <summary>Runs as a child of <see cref="OffloadTests"/> alone, on the software device.</summary>
/// <remarks>
/// Measured (llvmpipe of Mesa 22.3, x64, AVX-512; 27 words, two arms): log-probabilities on the device differ from the CPU's by up to 0.0095 nat in
/// F16 files and 0.065 in Q8_0, where the CPU rounds what it multiplies with to 8 bits and the device does not. With half-precision arithmetic,
/// Vulkan's default, it is 0.29 in both: a run's workers turn that off (WorkerEnvironment). Memory was forecast 1.5 to 4.2 MB above what was taken.
/// </remarks>
public sealed class OffloadChild
{
    // About twice what was measured, and no more than the limits of near ties, 0.01 and 0.1, make harmless.
    private static double Tolerance(string quantization) =>
        quantization == MiniatureFiles.AsWritten ? 0.02 : 0.1;

    private static readonly Dictionary<string, List<EchoRow>> s_onCpu = [];

    /// <summary>Miniatures, quantizations, layers on the GPU: all, one (the output layer), all but one.</summary>
    public static TheoryData<string, string, int> Files =>
        [
            .. from file in MiniatureFiles.Typed(Miniatures.All, "Q8_0")
            let layers = MiniatureFiles.Get(file.Data.Item1).LayerCount
            from onGpu in new[] { -1, 1, layers }.Distinct()
            select (file.Data.Item1, file.Data.Item2, onGpu),
        ];

    public OffloadChild() => SoftwareDevice.Require();

    /// <summary>How many tests there are.</summary>
    internal static int Count => Files.Count + 7;

    [Theory(Explicit = true), MemberData(nameof(Files))]
    public void Words_are_what_they_are_on_the_CPU(string name, string quantization, int layers)
    {
        var path = MiniatureFiles.PathOf(MiniatureFiles.Get(name), quantization);
        var cpu = OnCpu(path);
        var (gpu, report) = Measure(path, options => options with { GpuLayers = layers });

        Assert.Equal(layers == -1 ? report.Layers : layers, report.GpuLayers);
        Assert.Equal("vulkan", report.Backend);
        Assert.Equal(
            layers == -1 ? "Vulkan0 (llvmpipe)" : "Vulkan0 (llvmpipe) + CPU",
            report.Device
        );
        Assert.True(report.PeakDeviceBytes > 0);
        AssertSame($"{name} {quantization}, {layers} layers", cpu, gpu, Tolerance(quantization));
    }

    [Fact(Explicit = true)]
    public void Without_a_layer_on_it_a_GPU_is_not_opened_and_nothing_changes()
    {
        var path = MiniatureFiles.PathOf(Miniatures.Gemma3);
        var (cpu, report) = Measure(path, options => options with { GpuLayers = 0 });
        var (named, onCpu) = Measure(
            path,
            options => options with { GpuLayers = -1, Devices = ["CPU"] }
        );

        Assert.Equal(("cpu", "CPU", 0), (report.Backend, report.Device, report.GpuLayers));
        Assert.Equal(("cpu", "CPU", 0), (onCpu.Backend, onCpu.Device, onCpu.GpuLayers));
        Assert.Null(report.PeakDeviceBytes);
        Assert.Equal(Figures(cpu), Figures(named));
    }

    [Fact(Explicit = true)]
    public void A_GPU_can_be_named_and_chosen_by_number_and_given_a_part()
    {
        var path = MiniatureFiles.PathOf(Miniatures.Qwen3);
        var (all, _) = Measure(path, options => options with { GpuLayers = -1 });

        Named(options => options with { Devices = [SoftwareDevice.Name] });
        Named(options => options with { MainGpu = 0 });
        Named(options => options with { TensorSplit = [3] });

        void Named(Func<LoadOptions, LoadOptions> with)
        {
            var (rows, report) = Measure(path, options => with(options) with { GpuLayers = -1 });

            Assert.Equal("Vulkan0 (llvmpipe)", report.Device);
            Assert.Equal(Figures(all), Figures(rows));
        }
    }

    [Fact(Explicit = true)]
    public void A_device_that_is_not_there_is_named_with_those_that_are()
    {
        var e = Assert.Throws<EngineException>(() =>
            Measure(
                MiniatureFiles.PathOf(Miniatures.Qwen3),
                options => options with { GpuLayers = -1, Devices = ["CUDA7"] }
            )
        );

        Assert.EndsWith("there is no device 'CUDA7'; there are: CPU, Vulkan0", e.Message);
        Assert.False(e.IsDeviceOutOfMemory);
    }

    [Theory(Explicit = true)]
    [InlineData(MiniatureFiles.AsWritten)]
    [InlineData("MXFP4_MOE")]
    public void Experts_stay_on_the_CPU_while_their_layers_are_offloaded(string type)
    {
        var path = MiniatureFiles.PathOf(Miniatures.GptOssF16, type);
        var blocks = ModelFacts.From(GgufFile.Read(path)).Layers!.Value;
        var cpu = OnCpu(path);
        var (whole, all) = Measure(path, options => options with { GpuLayers = -1 });
        var (some, fewer) = Measure(
            path,
            options => options with { GpuLayers = -1, CpuExpertLayers = 1 }
        );
        var (none, least) = Measure(
            path,
            options => options with { GpuLayers = -1, CpuExpertLayers = blocks }
        );

        Assert.True(least.PeakDeviceBytes < fewer.PeakDeviceBytes);
        Assert.True(fewer.PeakDeviceBytes < all.PeakDeviceBytes);
        Assert.Equal(all.Layers, least.GpuLayers);
        Assert.Equal("Vulkan0 (llvmpipe) + CPU", least.Device);
        var tolerance = Tolerance(type);
        AssertSame($"{type}, whole", cpu, whole, tolerance);
        AssertSame($"{type}, experts of 1 layer on CPU", cpu, some, tolerance);
        AssertSame($"{type}, experts on CPU", cpu, none, tolerance);
    }

    [Fact(Explicit = true)]
    public void What_a_device_takes_is_at_most_what_was_forecast_and_not_far_below()
    {
        foreach (var miniature in Miniatures.All)
        {
            var path = MiniatureFiles.PathOf(miniature);
            foreach (var layers in (int[])[PlanWishes.AllLayers, 1])
            {
                var plan = OffloadPlanner.Plan(
                    new PlanInput
                    {
                        Model = ModelShape.From(GgufFile.Read(path), miniature.Name),
                        Devices = TestLibrary.Load().Facts.Devices,
                        Host = new HostMemory(1L << 34, 1L << 34),
                        Batches = [new BatchShape(16, 512, 513)],
                        Wishes = new PlanWishes { GpuLayers = layers },
                    }
                );
                var (_, report) = Measure(
                    path,
                    options => options with { GpuLayers = layers, Contexts = plan.Contexts }
                );
                var (real, forecast) = (report.PeakDeviceBytes!.Value, plan.Devices[0].Bytes);

                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"{miniature.Name}, {plan.GpuLayers} layers: {real / 1e6:F2} MB, forecast {forecast / 1e6:F2} MB"
                );
                Assert.Equal(report.GpuLayers, plan.GpuLayers);
                Assert.Equal(layers == PlanWishes.AllLayers ? 2 : 1, report.Contexts);
                // Two contexts, each with some slack and with room for whole rounds of its sequences.
                Assert.InRange(forecast, real, real + (9L << 20));
            }
        }
    }

    [Fact(Explicit = true)]
    public void A_device_that_runs_out_of_memory_is_told_from_other_failures()
    {
        var path = MiniatureFiles.PathOf(Miniatures.Llama);
        // The device has 2 GiB: a cache of a million tokens takes more.
        var e = Assert.Throws<EngineException>(() =>
            Measure(path, options => options with { GpuLayers = -1, CacheSize = 8_000_000 })
        );

        Assert.True(e.IsDeviceOutOfMemory, e.Message);
        Assert.Contains("the device has no more memory", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static List<EchoRow> OnCpu(string path)
    {
        if (!s_onCpu.TryGetValue(path, out var rows))
        {
            s_onCpu.Add(path, rows = Measure(path, options => options).Rows);
        }
        return rows;
    }

    private static (List<EchoRow> Rows, SessionReport Report) Measure(
        string path,
        Func<LoadOptions, LoadOptions> with
    )
    {
        using var file = OpenFile.Open(path, 16, with);
        return (file.Context.Measure<EchoRow>(Asking(9)), file.Session.Report);
    }

    private static void AssertSame(
        string what,
        List<EchoRow> cpu,
        List<EchoRow> gpu,
        double tolerance
    )
    {
        const string differ = "{0}: log-probabilities differ by up to {1:E1} nat";
        Assert.Equal(cpu.Select(Same), gpu.Select(Same));
        var largest = cpu.Zip(gpu)
            .Max(pair =>
                Math.Max(
                    Difference(pair.First.TokenLogProb, pair.Second.TokenLogProb),
                    Difference(pair.First.Top1LogProb, pair.Second.Top1LogProb)
                )
            );
        TestContext.Current.TestOutputHelper?.WriteLine(differ, what, largest);
        Assert.InRange(largest, 0, tolerance);

        static string Same(EchoRow row) =>
            $"{row.Status} {string.Join(' ', row.InputIds ?? [])} {row.Top1?.Id}";
    }

    private static double Difference(double? a, double? b) => Math.Abs((a ?? 0) - (b ?? 0));

    private static IEnumerable<(int?, double?)> Figures(List<EchoRow> rows) =>
        rows.Select(row => (row.Top1?.Id, row.TokenLogProb));
}
