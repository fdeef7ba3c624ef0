using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>Two targets that are the same llama.cpp on the same CPU: every row twice, bit for bit.</summary>
public sealed class TargetRunTests
{
    [Fact]
    public void The_same_library_twice_gives_the_same_rows_and_contrasts_of_nothing()
    {
        using var temporary = new TemporaryFolder();
        using var folder = RunFolder.Create(temporary.File("run"));
        var path = DemoFiles.PathOf(DemoCatalogue.Echo, "F16");
        var job = new FileJob
        {
            Facts = ModelFacts.From(GgufFile.Read(path)),
            Parts = [new ModelPart(path)],
        };
        var measurer = new InProcessMeasurer(new LLamaSharpEngine(TestLibrary.Load(), threads: 1));

        var work = new RunWork
        {
            Folder = folder,
            Files = [job],
            Targets =
            [
                new TargetMeasurer(Cpu("cpu"), measurer),
                new TargetMeasurer(Cpu("cpu-again"), measurer),
            ],
            Request = new ProbeRequest { PromptSets = [] },
            Sequences = 32,
            Threads = 1,
        };
        RunLoop.Run(work, new SilentProgress(), TestContext.Current.CancellationToken);

        var (first, second) = (RowsOf(folder.Journals[0]), RowsOf(folder.Journals[1]));
        Assert.Equal(54, first.Length);
        Assert.Equal(first, second);
        var contrasts = new RunComparer(null, 0)
            .Compare(JournaledFile.OfRun(folder.Journals))
            .Where(row => row.Contrast == ContrastKind.Device)
            .ToList();
        Assert.Equal(["without", "with"], contrasts.Select(row => row.BArm));
        Assert.All(
            contrasts,
            row =>
            {
                Assert.Equal(("CPU", "CPU"), (row.A.Device, row.B.Device));
                Assert.Equal((27, 0, 0), (row.Items, row.Lost, row.Gained));
                Assert.Equal((1, 0), (row.Top1Agreement, row.MarginDelta!.Mean));
            }
        );
    }

    private static RunTarget Cpu(string label) =>
        new()
        {
            Engine = "llama",
            Backend = "cpu",
            DeviceLabel = label,
        };

    private static string[] RowsOf(string journal) =>
        [.. File.ReadLines(journal).Where(line => !line.StartsWith("{\"file\":"))];
}
