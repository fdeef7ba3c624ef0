namespace EchoRate.Cli.Tests.Quantizing;

/// <summary><c>echorate quantize</c> that cannot go on: Ctrl-C, SIGTERM, a disk without room. No half file stays.</summary>
public sealed class QuantizeEndingTests(DemoRun demo) : ProgramTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(15, 1)]
    [InlineData(2, 2)]
    public void A_signal_ends_it_and_removes_the_unfinished_file(int signal, int times)
    {
        Processes.SkipWhereHidden(signal);
        AddSlowTensor();
        using var program = Start("quantize slow-F16.gguf --to Q8_0,IQ3_S --threads 1");
        program.WaitFor(() =>
            Directory.EnumerateDirectories(Folder.Path, "slow-IQ3_S.gguf.*.part").Any()
        );
        Assert.False(program.EndsWithin(TimeSpan.FromMilliseconds(200)));

        for (var i = 0; i < times; i++)
        {
            program.Signal(signal);
        }
        var outcome = program.WaitForEnd(Soon);

        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal("echorate: stopping; the unfinished file is removed", outcome.ErrorLines[^1]);
        Assert.Equal(
            [Folder.At("slow-F16.gguf"), Folder.At("slow-Q8_0.gguf")],
            Directory.GetFileSystemEntries(Folder.Path).Order()
        );
        GgufFile.Read(Folder.At("slow-Q8_0.gguf"));
    }

    [Fact]
    public void A_disk_without_room_is_said_before_anything_is_written()
    {
        using var disk = SmallDisk.Mount(Folder.At("disk"), 512);

        var outcome = Run($"quantize {demo.Model("demo-plain-F16")} --to Q8_0,Q4_0 --out disk");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Matches(
            @"^echorate: .*/disk: no room: 2 files \(Q8_0 .*, Q4_0 .*\) together take .*, and 524,288 bytes are free$",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.Empty(Directory.GetFileSystemEntries(Folder.At("disk")));
    }

    // llama.cpp takes many seconds for it; the model itself does not use it.
    private void AddSlowTensor()
    {
        const int columns = 256;
        var random = new Random(1);
        float[] values =
        [
            .. Enumerable.Range(0, columns * 30_000).Select(_ => random.NextSingle() - 0.5f),
        ];
        Bend(
            demo.Model("demo-plain-F16"),
            "slow-F16.gguf",
            writer =>
                writer.AddTensor(
                    "zzz.weight",
                    [columns, values.Length / columns],
                    GgufTensorType.F16,
                    values
                )
        );
    }
}
