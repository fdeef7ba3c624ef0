namespace EchoRate.Cli.Tests.Workers;

/// <summary>A disk that fills up during a run: code 3, one line, and the rows that found room are whole.</summary>
public sealed class FullDiskTests(DemoRun demo) : ProgramTests
{
    [Theory]
    [InlineData(20, "the journal does not fit")]
    [InlineData(160, "the CSV files do not fit")]
    public void A_full_disk_is_said_in_one_line(int kibibytes, string which)
    {
        using var disk = SmallDisk.Mount(Folder.At("disk"), kibibytes);

        var outcome = Run($"run --file {demo.Model("demo-echo-F16")} --threads 1 --out disk/r");

        Assert.Contains("its folder rows", AssertSaid(outcome, which));
        Assert.Empty(Directory.EnumerateFiles(Folder.At("disk", "r"), "*.csv*"));
    }

    [Fact]
    public void A_reference_that_does_not_fit_any_more_ends_the_run_with_one_line()
    {
        using var disk = SmallDisk.Mount(Folder.At("disk"), 128 * 1024);
        using var program = Start(
            $"run --file {demo.Model("demo-echo-F16")} --file {demo.Model("demo-echo-Q8_0")} --items sample:500 "
                + "--prompts published --arms without,with,neutral --threads 1 --out disk/r"
        );
        program.WaitForFile(Folder.At("disk", "r"), "reference-");
        using (var filler = File.Create(Folder.At("disk", "filler")))
        {
            // More than there is.
            void Fill() => filler.Write(new byte[1 << 28]);
            Assert.Throws<IOException>(Fill);
        }

        AssertSaid(program.WaitForEnd(TimeSpan.FromMinutes(1)), "the reference does not fit");
    }

    private string AssertSaid(Outcome outcome, string which)
    {
        Assert.True(outcome.ExitCode == 3, $"{which}: {outcome.ExitCode} {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines.Skip(1), line => !line.StartsWith('['));
        Assert.StartsWith($"echorate: {Folder.At("disk", "r")}: ", line);
        Assert.Contains("No space left on device", line);
        // The last line may be cut where the disk ended; all others are rows.
        var journal = Assert.Single(new RunOnDisk(Folder.At("disk", "r")).Journals);
        Assert.All(
            File.ReadAllText(journal).Split('\n')[..^1],
            text => JsonDocument.Parse(text).Dispose()
        );
        return line;
    }
}
