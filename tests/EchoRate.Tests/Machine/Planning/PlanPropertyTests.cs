using EchoRate.Machine.Planning;

namespace EchoRate.Tests.Machine.Planning;

/// <summary>What holds of every plan, on machines and models that a seed invents.</summary>
public sealed class PlanPropertyTests
{
    private const int Machines = 150;

    [Fact]
    public void No_plan_of_its_own_takes_more_than_is_free_without_the_margin()
    {
        Each(
            (input, seed) =>
            {
                var plan = OffloadPlanner.Plan(input);

                Assert.False(plan.IsOverCommitted, Said(seed, plan));
                Assert.All(
                    plan.Devices,
                    device =>
                        Assert.True(
                            device.Bytes <= device.FreeBytes - input.Wishes.MarginBytes,
                            Said(seed, plan)
                        )
                );
                Assert.Equal(plan.GpuLayers, plan.Devices.Sum(device => device.Layers));
                Assert.InRange(plan.GpuLayers, 0, plan.Layers);
                Assert.Contains(plan.Batch, input.Batches);
            }
        );
    }

    [Fact]
    public void A_second_context_costs_no_layer_and_no_row_and_is_for_models_that_are_wholly_on_GPUs()
    {
        var doubled = 0;
        Each(
            (input, seed) =>
            {
                var plan = OffloadPlanner.Plan(input);
                doubled += plan.Contexts - 1;

                Assert.InRange(plan.Contexts, 1, plan.IsWhole ? 2 : 1);
                if (plan.Contexts == 2)
                {
                    // The logits of both are on the last card.
                    Assert.InRange(
                        2L * plan.Batch.Sequences * input.Model.VocabularySize * sizeof(float),
                        0,
                        plan.Devices[^1].Bytes
                    );
                    Assert.True(
                        plan.HostBytes + input.Wishes.MarginBytes <= input.Host.AvailableBytes,
                        Said(seed, plan)
                    );
                }
            }
        );
        Assert.InRange(doubled, Machines / 20, Machines);
    }

    [Fact]
    public void More_memory_never_means_fewer_layers_nor_more_experts_on_the_CPU()
    {
        Each(
            (input, seed) =>
            {
                var last = OffloadPlanner.Plan(input);
                for (var more = 1; more <= 6; more++)
                {
                    var plan = OffloadPlanner.Plan(Larger(input, (long)more << 29));

                    Assert.True(
                        plan.GpuLayers > last.GpuLayers
                            || (
                                plan.GpuLayers == last.GpuLayers
                                && plan.CpuExpertLayers <= last.CpuExpertLayers
                            ),
                        $"{Said(seed, last)}, then {plan.Explanation}"
                    );
                    last = plan;
                }
            }
        );
    }

    [Fact]
    public void Fallbacks_go_down_and_end_on_the_CPU()
    {
        Each(
            (input, seed) =>
            {
                var plan = OffloadPlanner.Plan(
                    input with
                    {
                        Wishes = new PlanWishes { GpuLayers = PlanWishes.AllLayers },
                    }
                );
                var steps = plan.Fallbacks.Prepend(plan.GpuLayers).ToList();

                Assert.True(
                    steps.Zip(steps.Skip(1)).All(pair => pair.First > pair.Second),
                    Said(seed, plan)
                );
                Assert.Equal(0, steps[^1]);
                Assert.InRange(plan.Fallbacks.Count, 1, 3);
            }
        );
    }

    private static void Each(Action<PlanInput, int> check)
    {
        for (var seed = 0; seed < Machines; seed++)
        {
            check(Invent(new Random(seed)), seed);
        }
    }

    private static PlanInput Invent(Random random)
    {
        var hasExperts = random.Next(3) == 0;
        var width = 64L << random.Next(7);
        var embedding = random.NextInt64(1L << 20, 2L << 30);
        var isTied = random.Next(2) == 0;
        var model = new ModelShape
        {
            Name = "invented",
            Blocks =
            [
                .. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Block(random, hasExperts)),
            ],
            InputBytes = embedding,
            OutputBytes = isTied ? embedding : random.NextInt64(1L << 20, 2L << 30),
            TiedBytes = isTied ? embedding : 0,
            VocabularySize = random.Next(300, 300_000),
            Width = width,
            FeedForwardWidth = width * random.Next(1, 8),
            Heads = Math.Max(1, width / 128),
            HeadWidth = 128,
        };
        var gpus = Enumerable.Range(0, random.Next(1, 4)).Select(i => Gpu(random, i));
        return Cards.Input(model, [.. gpus]) with
        {
            Host = Cards.Host(random.Next(2, 128)),
            Wishes = new PlanWishes { MarginBytes = random.NextInt64(0, 2L << 30) },
        };
    }

    private static LayerShape Block(Random random, bool hasExperts)
    {
        var dense = random.NextInt64(1L << 20, 600L << 20);
        var experts = hasExperts ? random.NextInt64(1L << 20, 2L << 30) : 0;
        return new LayerShape
        {
            DenseBytes = dense,
            LargestDenseBytes = dense / 4,
            ExpertBytes = experts,
            LargestExpertBytes = experts / 3,
            CacheBytesPerToken = random.Next(1, 64) * 1024,
        };
    }

    private static DeviceFacts Gpu(Random random, int index)
    {
        var total = random.NextInt64(1L << 30, 48L << 30);
        string[] backends = ["cuda", "vulkan"];
        return Cards.Gpu($"GPU{index}", "invented", backends[random.Next(2)], total, total / 10);
    }

    private static PlanInput Larger(PlanInput input, long bytes) =>
        input with
        {
            Devices =
            [
                .. input.Devices.Select(device =>
                    device with
                    {
                        FreeBytes = device.FreeBytes + bytes,
                        TotalBytes = device.TotalBytes + bytes,
                    }
                ),
            ],
        };

    private static string Said(int seed, OffloadPlan plan) => $"seed {seed}: {plan.Explanation}";
}
