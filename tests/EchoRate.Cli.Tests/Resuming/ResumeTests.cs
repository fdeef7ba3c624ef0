namespace EchoRate.Cli.Tests.Resuming;

/// <summary>run --resume, on folders that were cut off by hand, and on those that must not be touched.</summary>
[Collection(nameof(WholeRun))]
public sealed class ResumeTests(DemoRun demo, WholeRun whole) : ProgramTests
{
    private const string Again = "run --resume --out r";

    // Where the disk ended in the first file and in the second, its reference's logits gone each time; and before the CSV files were made.
    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(1, 0.7)]
    [InlineData(9, 1)]
    public void A_run_goes_on_where_it_was_cut_off(int file, double part)
    {
        Copy().CutOff(file, part);

        var outcome = Run(Again);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        SameRun.Check(whole.Run, Read);
    }

    [Fact]
    public void A_finished_run_is_left_alone_with_arguments_and_without()
    {
        Copy();
        var before = Folder.Snapshot();

        var without = Run(Again);
        var with = Run(whole.Words + " --threads 1 --csv data --resume --out r");

        Assert.Equal((0, 0), (without.ExitCode, with.ExitCode));
        Assert.StartsWith("The run is finished since ", Assert.Single(without.ErrorLines));
        Assert.Equal(before, Folder.Snapshot());
    }

    // A copy that was cut short at a line's end, or lost a file.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_finished_run_that_lost_rows_since_is_refused_and_what_is_lost_is_measured_again(
        bool isGone
    )
    {
        var journal = Copy().Journals.ElementAt(1);
        if (isGone)
        {
            File.Delete(journal);
        }
        else
        {
            File.WriteAllLines(journal, File.ReadAllLines(journal).SkipLast(1));
        }

        foreach (var verb in new[] { "report", "compare" })
        {
            var refused = Run($"{verb} r");
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains(
                isGone ? "its folder rows holds" : "is cut short",
                Assert.Single(refused.ErrorLines),
                StringComparison.Ordinal
            );
        }
        var outcome = Run(Again);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.DoesNotContain(",  rows/s", outcome.Error);
        SameRun.Check(whole.Run, Read);
    }

    [Fact]
    public void What_is_not_what_the_run_was_begun_with_is_named_and_so_is_who_holds_or_made_it()
    {
        Copy().CutOff();

        Refuses(
            2,
            "{folder}/r: the run was begun with something else: items: words, was words, sample:60",
            Again + " --items words"
        );
        Refuses(
            2,
            "{folder}/r: the run was begun with something else: shard: 1/2, was not given",
            Again + " --shard 1/2"
        );
        Refuses(2, $"{demo.Run.Path}: …", $"run --resume --out {demo.Run.Path}");
        using var held = new FileStream(
            Folder.At("r", "run.lock"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );
        foreach (
            var command in new[]
            {
                Again,
                "compare r",
                $"run --file {demo.Model("demo-echo-F16")} --out r",
            }
        )
        {
            var outcome = Run(command);

            Assert.Equal(3, outcome.ExitCode);
            Assert.Equal(
                $"echorate: {Folder.At("r")}: another echorate is writing into it; wait for its end, or name another folder",
                Assert.Single(outcome.ErrorLines)
            );
        }
    }

    [Fact]
    public void Another_content_of_items_or_of_a_model_is_named()
    {
        const string words = "item,category\n red,colour\n blue,colour\n";
        var f16 = File.ReadAllBytes(demo.Model("demo-echo-F16"));
        Folder.Write("w.csv", words);
        Folder.Write("m.gguf", f16);
        Measure("run --file m.gguf --items w.csv --prompts published").CutOff();

        Folder.Write("w.csv", words.Replace("blue", "green"));
        Refused(2, "content of item and prompt files: w.csv sha256:");
        Folder.Write("w.csv", words);
        Folder.Write("m.gguf", File.ReadAllBytes(demo.Model("demo-echo-Q8_0")));
        Refused(2, "file 1: m Q8_0");
        Folder.Write("m.gguf", [.. f16[..^1], 77]);
        Refused(2, "when its first rows were measured");

        void Refused(int code, string what)
        {
            var outcome = Run(Again);
            Assert.Equal(code, outcome.ExitCode);
            Assert.Contains(
                what,
                Assert.Single(outcome.ErrorLines, line => line.StartsWith("echorate"))
            );
        }
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        var run = Copy();
        run.CutOff();
        var journal = run.Journals.First();
        var lines = File.ReadAllText(journal).Split('\n');
        lines[6] = lines[6].Replace("\"place\":5", "\"place\":4");
        File.WriteAllText(journal, string.Join('\n', lines));

        foreach (var command in new[] { Again, "compare r" })
        {
            var outcome = Run(command);

            Assert.Equal(3, outcome.ExitCode);
            Assert.Equal(
                $"echorate: {journal}:7: not a row of a run: the line does not match its checksum",
                outcome.ErrorLines[^1]
            );
        }
    }

    [Fact]
    public void Compare_reads_a_run_that_was_cut_off()
    {
        Copy().CutOff(1, 0.5);

        var outcome = Run("compare r");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("this run did not finish", outcome.Error);
        var quants = Read.Compare.Where("contrast=quant");
        Assert.InRange(quants.Sum(row => row.Number("items")!.Value), 50, 400);
    }

    [Fact]
    public void What_never_became_a_run_starts_afresh_and_what_is_something_else_is_refused()
    {
        var words =
            $"run --file {demo.Model("demo-echo-F16")} --items words --prompts published --no-check --resume --out ";
        Directory.CreateDirectory(Folder.At("r", "rows"));
        Directory.CreateDirectory(Folder.At("r", "logs"));
        Folder.Write("r/run.lock", "");
        Folder.Write("r/run.json.tmp", "{");

        var run = Measure(words + "r");

        Assert.DoesNotContain(run.Names, name => name.Contains("lock") || name.EndsWith(".tmp"));
        Folder.Write("mine/notes.txt", "mine");
        Refuses(3, "{folder}/mine: is not empty…", words + "mine");
    }

    [Fact]
    public void Another_schema_is_refused_by_its_number()
    {
        Copy();
        var info = Folder.At("r", "run.json");
        File.WriteAllText(
            info,
            File.ReadAllText(info)
                .Replace("\"schema_version\": 5", "\"schema_version\": 2")
                .Replace("\"run_id\"", "\"id_of_then\"")
        );

        foreach (var command in new[] { Again, "compare r", "merge r --out other" })
        {
            Refuses(3, "{folder}/r/run.json: schema version 2; this program reads 5", command);
        }
    }

    private RunOnDisk Copy()
    {
        TemporaryFolder.Copy(whole.Run.Path, Folder.At("r"));
        return Read;
    }
}
