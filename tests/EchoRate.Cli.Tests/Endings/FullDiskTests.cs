using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;

namespace EchoRate.Cli.Tests.Endings;

/// <summary>A disk that fills up during a run: code 3, one line, and the rows that found room are whole.</summary>
public sealed class FullDiskTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(20, "the journal does not fit")]
    [InlineData(160, "the CSV files do not fit")]
    public void A_full_disk_is_said_in_one_line(int kibibytes, string which)
    {
        using var disk = SmallDisk.TryMake(_folder.At("disk"), kibibytes);
        Assert.SkipWhen(
            disk is null,
            "a small file system cannot be mounted here (needs Linux and root)"
        );

        var outcome = Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-echo-F16")} --threads 1 --out disk/r"
        );

        Assert.True(outcome.ExitCode == 3, $"{which}: {outcome.ExitCode} {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines.Skip(1), line => !line.StartsWith('['));
        Assert.StartsWith($"echorate: {_folder.At("disk", "r")}: ", line);
        Assert.Contains("No space left on device", line);
        Assert.Contains("its folder rows", line);
        var journal = Assert.Single(new RunOnDisk(_folder.At("disk", "r")).Journals);
        // The last line may be cut where the disk ended; all others are rows.
        var lines = File.ReadAllText(journal).Split('\n')[..^1];
        Assert.All(lines, text => System.Text.Json.JsonDocument.Parse(text).Dispose());
    }

    public void Dispose() => _folder.Dispose();
}
