namespace EchoRate.Cli.Tests.Quantizing;

/// <summary><c>echorate quantize</c> that cannot go on: Ctrl-C, SIGTERM, a disk without room. No half file stays.</summary>
public sealed class QuantizeEndingTests(DemoRun demo) : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(15, 1)]
    [InlineData(2, 2)]
    public void A_signal_ends_it_and_removes_the_unfinished_file(int signal, int times)
    {
        Signals.SkipWhereIgnored(signal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill(2)");
        var source = SlowModel();
        using var program = Echorate.Start(
            _folder.Path,
            [],
            $"quantize {source} --to Q8_0,IQ3_S --threads 1"
        );
        WaitForWriting(program, "slow-IQ3_S.gguf");
        var clock = Stopwatch.StartNew();

        for (var i = 0; i < times; i++)
        {
            program.Signal(signal);
        }
        var outcome = program.WaitForEnd(Soon);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal("", outcome.Out);
        Assert.Equal("echorate: stopping; the unfinished file is removed", outcome.ErrorLines[^1]);
        Assert.Equal(
            ["slow-F16.gguf", "slow-Q8_0.gguf"],
            Directory
                .GetFileSystemEntries(_folder.Path)
                .Select(Path.GetFileName)
                .Order(StringComparer.Ordinal)
        );
        GgufFile.Read(_folder.At("slow-Q8_0.gguf"));
    }

    [Fact]
    public void A_disk_without_room_is_said_before_anything_is_written()
    {
        using var disk = SmallDisk.Mount(_folder.At("disk"), 512);

        var outcome = Echorate.Run(
            _folder.Path,
            $"quantize {demo.Model("demo-plain-F16")} --to Q8_0,Q4_0 --out disk"
        );

        Assert.Equal(3, outcome.ExitCode);
        Assert.Matches(
            @"^echorate: .*/disk: no room: 2 files \(Q8_0 .*, Q4_0 .*\) together take .*, and 524,288 bytes are free$",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.Empty(Directory.GetFileSystemEntries(_folder.At("disk")));
    }

    public void Dispose() => _folder.Dispose();

    // llama.cpp takes many seconds for the last tensor, which the model itself does not use.
    private string SlowModel()
    {
        const int columns = 256;
        var values = new float[columns * 30_000];
        var random = new Random(1);
        foreach (ref var value in values.AsSpan())
        {
            value = random.NextSingle() - 0.5f;
        }
        var path = _folder.At("slow-F16.gguf");
        GgufWriter
            .CopyOf(GgufFile.Read(demo.Model("demo-plain-F16")))
            .AddTensor("zzz.weight", [columns, values.Length / columns], GgufTensorType.F16, values)
            .Write(path);
        return path;
    }

    private void WaitForWriting(RunningProgram program, string name)
    {
        program.WaitFor(() => Directory.EnumerateDirectories(_folder.Path, name + ".*.part").Any());
        Thread.Sleep(200);
        Assert.True(program.IsRunning);
    }
}
