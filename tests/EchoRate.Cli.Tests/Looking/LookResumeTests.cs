using System.Text.RegularExpressions;
using EchoRate.Cli.Tests.Resuming;

namespace EchoRate.Cli.Tests.Looking;

/// <summary>Looks that were killed in the midst of a batch, and gone on with.</summary>
public sealed class LookResumeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // The cut is killed in its heads, whose layers are chosen by rows that the first process measured.
    [Theory]
    [InlineData("lens", "--prompts ioi", 0.6)]
    [InlineData("cut", "--heads", 0.8)]
    [InlineData("positions", "--text story.txt --window 30", 0.3)]
    [InlineData("prefixes", "--prefixes 40", 0.5)]
    public void A_look_that_was_cut_off_goes_on_and_has_the_same_rows(
        string look,
        string words,
        double part
    )
    {
        var begun = Begin($"{look} m-F16.gguf {words}");
        string[] tables = [.. Tables().Where(path => !path.EndsWith("files.csv"))];
        var whole = tables.Select(File.ReadAllText).ToList();
        var rows = SameRun.Rows(Journal);
        CutOff(part);
        var left = File.ReadAllText(Journal);
        left = left[..(left.LastIndexOf('\n') + 1)];

        var outcome = Echorate.Run(_folder.Path, $"{look} --resume --out r");
        var again = Echorate.Run(_folder.Path, $"{look} --resume --out r");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(begun.Out, outcome.Out);
        Assert.Equal(whole, tables.Select(File.ReadAllText));
        Assert.StartsWith(left, File.ReadAllText(Journal));
        Assert.Equal(rows, SameRun.Rows(Journal));
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("The run is finished", Assert.Single(again.ErrorLines));
    }

    [Theory]
    [InlineData("run", "made by 'echorate lens'")]
    [InlineData("lens m-F16.gguf --items all", "items: all, was words")]
    public void What_is_not_what_a_look_was_begun_with_is_named(string words, string expected)
    {
        Begin("lens m-F16.gguf");
        CutOff(0.6);

        var outcome = Echorate.Run(_folder.Path, $"{words} --resume --out r");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(expected, Assert.Single(outcome.ErrorLines));
    }

    private string Journal => Assert.Single(new RunOnDisk(_folder.At("r")).Journals);

    private string[] Tables() => [.. Directory.GetFiles(_folder.At("r"), "*.csv").Order()];

    private Outcome Begin(string words)
    {
        Miniatures.Gemma2.Write(_folder.At("m-F16.gguf"));
        _folder.Write("story.txt", string.Concat(Enumerable.Repeat(" James Mary red run", 50)));
        var outcome = Echorate.Run(_folder.Path, $"{words} --threads 1 --csv data --out r");
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return outcome;
    }

    // Half a line is left in the journal, and no CSV file.
    private void CutOff(double part)
    {
        using (var stream = File.OpenWrite(Journal))
        {
            stream.SetLength((long)(stream.Length * part));
        }
        Tables().ToList().ForEach(File.Delete);
        var info = _folder.At("r/run.json");
        File.WriteAllText(
            info,
            Regex.Replace(File.ReadAllText(info), "\"finished\": \"[^\"]+\"", "\"finished\": null")
        );
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
