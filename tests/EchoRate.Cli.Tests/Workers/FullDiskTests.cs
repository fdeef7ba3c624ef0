namespace EchoRate.Cli.Tests.Workers;

/// <summary>A disk that fills up during a run: code 3, one line, and the rows that found room are whole.</summary>
public sealed class FullDiskTests(DemoRun demo) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(20, "the journal does not fit")]
    [InlineData(160, "the CSV files do not fit")]
    public void A_full_disk_is_said_in_one_line(int kibibytes, string which)
    {
        using var disk = SmallDisk.Mount(_folder.At("disk"), kibibytes);

        var outcome = Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-echo-F16")} --threads 1 --out disk/r"
        );

        Assert.True(outcome.ExitCode == 3, $"{which}: {outcome.ExitCode} {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines.Skip(1), line => !line.StartsWith('['));
        Assert.StartsWith($"echorate: {_folder.At("disk", "r")}: ", line);
        Assert.Contains("No space left on device", line);
        Assert.Contains("its folder rows", line);
        AssertLinesAreWhole();
    }

    [Fact]
    public void A_reference_that_does_not_fit_any_more_ends_the_run_with_one_line()
    {
        const int kibibytes = 128 * 1024;
        using var disk = SmallDisk.Mount(_folder.At("disk"), kibibytes);
        using var program = Echorate.Start(
            _folder.Path,
            [],
            $"run --file {demo.Model("demo-echo-F16")} --file "
                + $"{demo.Model("demo-echo-Q8_0")} --items sample:500 --prompts published "
                + "--arms without,with,neutral --threads 1 --out disk/r"
        );
        FillWhenRecording(program);

        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 3, $"{outcome.ExitCode} {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines.Skip(1), line => !line.StartsWith('['));
        Assert.StartsWith($"echorate: {_folder.At("disk", "r")}: cannot be written: ", line);
        Assert.Contains("No space left on device", line);
        AssertLinesAreWhole();
    }

    // The last line may be cut where the disk ended; all others are rows.
    private void AssertLinesAreWhole()
    {
        var journal = Assert.Single(new RunOnDisk(_folder.At("disk", "r")).Journals);
        var lines = File.ReadAllText(journal).Split('\n')[..^1];
        Assert.All(lines, text => JsonDocument.Parse(text).Dispose());
    }

    private void FillWhenRecording(RunningProgram program)
    {
        program.WaitFor(() =>
            Directory.Exists(_folder.At("disk", "r"))
            && Directory.EnumerateFiles(_folder.At("disk", "r"), "reference-*.logits").Any()
        );
        using var filler = File.Create(_folder.At("disk", "filler"));
        try
        {
            while (true)
            {
                filler.Write(new byte[1 << 16]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as it should be.
        }
    }

    public void Dispose() => _folder.Dispose();
}
