using EchoRate.Machine.Host;
using EchoRate.Machine.Planning;

namespace EchoRate.Tests.Machine.Planning;

public sealed class OffloadPlannerTests
{
    private static readonly int[] s_cards = [8, 12, 16, 24, 32, 48, 80];

    /// <summary>Layers on the card, for cards of 8, 12, 16, 24, 32, 48 and 80 GB.</summary>
    public static TheoryData<string, int[]> Layers =>
        new()
        {
            { "gemma-7b Q6_K", [27, 29, 29, 29, 29, 29, 29] },
            { "gemma-7b Q8_0", [20, 29, 29, 29, 29, 29, 29] },
            { "gemma-7b F16", [10, 17, 25, 29, 29, 29, 29] },
            { "gemma2-2b Q8_0", [27, 27, 27, 27, 27, 27, 27] },
            { "gemma3-27b Q2_K", [37, 63, 63, 63, 63, 63, 63] },
            { "gemma3-27b Q4_K_M", [23, 40, 57, 63, 63, 63, 63] },
            { "gemma3-27b Q6_K", [17, 29, 42, 63, 63, 63, 63] },
            { "gemma3-27b Q8_0", [12, 22, 32, 51, 63, 63, 63] },
            { "gemma3-27b F16", [5, 10, 15, 26, 36, 57, 63] },
            { "qwen3-4b Q8_0", [37, 37, 37, 37, 37, 37, 37] },
        };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_file_of_the_manifest_goes_on_a_card_as_far_as_it_fits(string file, int[] layers)
    {
        var plans = s_cards.Select(card => Plan(file, new(), card)).ToList();

        Assert.Equal(layers, plans.Select(plan => plan.GpuLayers));
        Assert.All(plans, plan => Assert.Equal(layers[^1], plan.Layers));
        Assert.All(plans, plan => Assert.False(plan.IsOverCommitted));
    }

    [Theory]
    [InlineData("gemma3-27b Q2_K", "all 63 layers on RTX 12 (10.6 of 12.0 GiB)")]
    [InlineData("gemma3-27b Q4_K_M", "40 of 63 layers on RTX 12 (10.8 of 12.0 GiB), rest on CPU")]
    public void A_plan_is_one_line_and_its_batches_are_narrower_where_a_card_is_tight(
        string file,
        string line
    )
    {
        var plan = Plan(file, new(), 12);

        Assert.Equal(new BatchShape(128, 128, 129), plan.Batch);
        Assert.Equal($"{file}: {line}", plan.Explanation);
    }

    [Theory]
    [InlineData(8, 34)]
    [InlineData(24, 24)]
    [InlineData(80, 0)]
    public void A_mixture_has_all_layers_on_the_card_and_as_few_experts_on_the_CPU_as_fit(
        int card,
        int experts
    )
    {
        var plan = Plan(RealModels.GptOss, new(), card);

        Assert.Equal((37, experts), (plan.GpuLayers, plan.CpuExpertLayers));
    }

    [Fact]
    public void With_all_experts_on_the_CPU_a_120B_model_takes_a_few_GiB_of_the_card()
    {
        var plan = Plan(RealModels.GptOss, new() { CpuExpertLayers = 36 }, 24);

        Assert.Equal(37, plan.GpuLayers);
        // llama.cpp's users say about 5 GB, with contexts that are longer than ours.
        Assert.InRange(plan.Devices[0].Bytes / 1e9, 2.5, 5.5);
        Assert.InRange(plan.HostBytes / 1e9, 60, 64);
        Assert.EndsWith(", experts of 36 on CPU", plan.Explanation);
    }

    [Theory]
    [InlineData("gemma2-2b Q8_0", 8, 2)]
    [InlineData("gemma3-27b Q2_K", 12, 1)]
    [InlineData("gemma3-27b Q4_K_M", 12, 1)]
    [InlineData("gemma3-27b Q4_K_M", 24, 2)]
    [InlineData(RealModels.GptOss, 24, 1)]
    [InlineData(RealModels.GptOss, 80, 2)]
    public void A_card_with_memory_left_over_gets_a_second_context(
        string file,
        int card,
        int contexts
    ) => Assert.Equal(contexts, Plan(file, new(), card).Contexts);

    [Fact]
    public void A_second_context_counts_cache_computing_and_logits_once_more()
    {
        var (input, one) = (
            Cards.Input(RealModels.Of("gemma2-2b Q8_0"), Cards.Nvidia(8)),
            new BatchShape(1, 512, 513)
        );
        var two = OffloadPlanner.Plan(input);
        // Where the host has no room for its logits, there is none.
        var alone = OffloadPlanner.Plan(
            input with
            {
                Host = new HostMemory(8L << 30, two.HostBytes + input.Wishes.MarginBytes - 1),
            }
        );

        Assert.Equal((2, 1), (two.Contexts, alone.Contexts));
        Assert.Equal(alone.Batch, two.Batch);
        var logits = 256L * 256_000 * sizeof(float);
        Assert.InRange(two.Devices[0].Bytes - alone.Devices[0].Bytes, logits, 2 * logits);
        Assert.InRange(two.HostBytes - alone.HostBytes, logits, 2 * logits);
        Assert.Equal(1, OffloadPlanner.Plan(input with { Batches = [one] }).Contexts);
    }

    [Fact]
    public void Where_a_GPU_uses_the_hosts_memory_a_second_context_needs_room_for_both()
    {
        var model = RealModels.Of("gemma2-2b Q8_0");
        var apple = Cards.Gpu("MTL0", "Apple M4", "metal", 64L << 30, 0);
        var wide = OffloadPlanner.Plan(Cards.Input(model, apple));
        var both = wide.HostBytes + wide.Devices[0].Bytes + PlanWishes.DefaultMarginBytes;

        Assert.Equal(2, wide.Contexts);
        Assert.Equal(2, Contexts(both));
        Assert.Equal(1, Contexts(both - 1));

        int Contexts(long free) =>
            OffloadPlanner
                .Plan(Cards.Input(model, apple) with { Host = new HostMemory(64L << 30, free) })
                .Contexts;
    }

    [Fact]
    public void What_the_display_uses_is_not_counted_twice()
    {
        var desktop = Cards.Gpu("CUDA0", "NVIDIA GeForce RTX 4070", "cuda", 12L << 30, 3L << 30);
        var plan = OffloadPlanner.Plan(Cards.Input(RealModels.Of("gemma3-27b Q4_K_M"), desktop));

        Assert.InRange(plan.Devices[0].Bytes, 7L << 30, 8L << 30);
        Assert.Equal(
            "gemma3-27b Q4_K_M: 28 of 63 layers on RTX 4070 (8.0 of 12.0 GiB, 9.0 free), rest on CPU",
            plan.Explanation
        );
    }

    [Fact]
    public void Two_cards_share_the_layers_by_what_is_free_on_each()
    {
        var plan = Plan("gemma3-27b Q8_0", new(), 24, 12);

        Assert.Equal(63, plan.GpuLayers);
        Assert.Equal([43f, 20f], plan.TensorSplit!);
        Assert.StartsWith("gemma3-27b Q8_0: all 63 layers: 43 on RTX 24 (", plan.Explanation);
    }

    [Fact]
    public void A_wish_for_one_of_several_cards_is_heard()
    {
        var byName = Plan("qwen3-4b Q8_0", new() { Devices = ["CUDA1"] }, 24, 12);
        var byNumber = Plan("qwen3-4b Q8_0", new() { MainGpu = 1 }, 24, 12);

        Assert.Equal(["CUDA1"], byName.Devices.Select(device => device.Name));
        Assert.Equal(["CUDA1"], byNumber.Devices.Select(device => device.Name));
        Assert.Null(byName.TensorSplit);
    }

    [Fact]
    public void Parts_that_a_user_gives_are_kept()
    {
        var plan = Plan("qwen3-4b Q8_0", new() { TensorSplit = [3, 1] }, 24, 24);

        Assert.Equal([28, 9], plan.Devices.Select(device => device.Layers));
    }

    [Fact]
    public void Layers_that_are_asked_for_are_planned_whether_they_fit_or_not()
    {
        var plan = Plan("gemma3-27b Q8_0", new() { GpuLayers = PlanWishes.AllLayers }, 12);

        Assert.Equal((63, true), (plan.GpuLayers, plan.IsOverCommitted));
        Assert.EndsWith("; as asked for, though it does not fit", plan.Explanation);
        // First what fits, then half of that, then the CPU.
        Assert.Equal([22, 11, 0], plan.Fallbacks);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Without_a_GPU_or_without_a_wish_for_one_all_is_on_the_CPU(int? layers)
    {
        int[] cards = layers is null ? [] : [24];
        var plan = Plan("qwen3-4b Q8_0", new() { GpuLayers = layers }, cards);

        Assert.Equal((0, 37), (plan.GpuLayers, plan.Layers));
        Assert.Equal("qwen3-4b Q8_0: CPU", plan.Explanation);
        Assert.Empty(plan.Devices);
        Assert.Empty(plan.Fallbacks);
    }

    [Fact]
    public void A_card_without_room_for_one_layer_is_left_alone_and_the_line_says_why()
    {
        var full = Cards.Gpu("Vulkan0", "AMD Radeon RX 6600", "vulkan", 8L << 30, 7L << 30);
        var plan = OffloadPlanner.Plan(Cards.Input(RealModels.Of("qwen3-4b Q8_0"), full));

        Assert.Equal(0, plan.GpuLayers);
        Assert.Equal(
            "qwen3-4b Q8_0: CPU (not one layer fits beside the margin of 1.0 GiB on RX 6600, 1.0 GiB free)",
            plan.Explanation
        );
    }

    [Fact]
    public void A_GPU_that_shares_the_machines_memory_has_no_more_than_that()
    {
        var mac = Cards.Gpu("MTL0", "Apple M3", "metal", 12L << 30, 0);
        var input = Cards.Input(RealModels.Of("gemma-7b Q8_0"), mac);

        Assert.True(OffloadPlanner.Plan(input).IsWhole);
        Assert.False(OffloadPlanner.Plan(input with { Host = Cards.Host(9) }).IsWhole);
    }

    [Fact]
    public void A_graphics_unit_of_the_processor_is_used_only_where_there_is_no_card()
    {
        var unit = Cards.Gpu(
            "Vulkan0",
            "Intel(R) Iris(R) Xe Graphics",
            "vulkan",
            16L << 30,
            0,
            DeviceKind.IntegratedGpu
        );
        var card = Cards.Gpu("Vulkan1", "AMD Radeon RX 6600", "vulkan", 8L << 30, 0);
        var model = RealModels.Of("qwen3-4b Q4_K_M");

        Assert.Equal(["Vulkan0"], Names(OffloadPlanner.Plan(Cards.Input(model, unit))));
        Assert.Equal(["Vulkan1"], Names(OffloadPlanner.Plan(Cards.Input(model, unit, card))));
    }

    [Fact]
    public void One_card_that_two_backends_show_is_used_once()
    {
        var model = RealModels.Of("qwen3-4b Q4_K_M");
        var again = Cards.Gpu("Vulkan0", "NVIDIA GeForce RTX 8", "vulkan", 8L << 30, 0);

        Assert.Equal(
            ["CUDA0"],
            Names(OffloadPlanner.Plan(Cards.Input(model, Cards.Nvidia(8), again)))
        );
    }

    [Fact]
    public void A_machine_without_the_main_memory_is_told()
    {
        var plan = OffloadPlanner.Plan(
            Cards.Input(RealModels.Of(RealModels.GptOss), Cards.Nvidia(8)) with
            {
                Host = Cards.Host(32),
            }
        );

        Assert.EndsWith(" GiB of main memory needed, 32.0 GiB free", plan.Explanation);
    }

    [Theory]
    [InlineData("gemma3-27b Q4_K_M", 4.85, 12, 40)]
    [InlineData("gemma-7b F16", 16, 16, 25)]
    [InlineData("qwen3-4b Q8_0", 8.5, 8, 37)]
    public void A_guess_from_the_size_alone_is_near_what_the_header_gives_and_says_that_it_is_one(
        string file,
        double bits,
        int card,
        int layers
    )
    {
        var real = RealModels.Of(file);
        var plan = OffloadPlanner.Plan(
            Cards.Input(ModelShape.Estimate(file, real.Bytes, bits), Cards.Nvidia(card))
        );

        Assert.InRange(
            (double)plan.GpuLayers / plan.Layers,
            ((double)layers / real.Layers) - 0.1,
            ((double)layers / real.Layers) + 0.1
        );
        Assert.StartsWith($"{file}: estimated from its size: ", plan.Explanation);
    }

    private static OffloadPlan Plan(string file, PlanWishes wishes, params int[] cards) =>
        OffloadPlanner.Plan(
            Cards.Input(RealModels.Of(file), [.. cards.Select(Cards.Nvidia)]) with
            {
                Wishes = wishes,
            }
        );

    private static IEnumerable<string> Names(OffloadPlan plan) =>
        plan.Devices.Select(device => device.Name);
}
