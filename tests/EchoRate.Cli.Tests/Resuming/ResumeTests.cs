using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Resuming;

/// <summary>run --resume, on folders that were cut off by hand, and on those that must not be touched.</summary>
[Collection(nameof(WholeRun))]
public sealed partial class ResumeTests(DemoRun demo, WholeRun whole) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Where the disk ended in the first file and in the second; the reference's logits are gone each time.
    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(1, 0.7)]
    public void A_run_goes_on_where_it_was_cut_off(int file, double part)
    {
        Copy();
        var journals = new RunOnDisk(_folder.At("run")).Journals.ToList();
        Cut(journals[file], part);
        journals.Skip(file + 1).ToList().ForEach(File.Delete);
        CutOff();

        var outcome = Resume();

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        SameRun.Check(whole.Run, new RunOnDisk(_folder.At("run")));
    }

    [Fact]
    public void A_finished_run_is_left_alone_with_arguments_and_without()
    {
        Copy();
        var before = _folder.Snapshot();

        var without = Resume();
        var with = Echorate.Run(_folder.Path, [.. whole.Arguments, "--resume", "--out", "run"]);

        Assert.Equal((0, 0), (without.ExitCode, with.ExitCode));
        Assert.StartsWith("The run is finished since ", Assert.Single(without.ErrorLines));
        Assert.Equal(before, _folder.Snapshot());
    }

    [Fact]
    public void A_run_that_was_cut_off_before_its_files_were_made_makes_them()
    {
        Copy();
        CutOff();

        Assert.Equal(0, Resume().ExitCode);
        SameRun.Check(whole.Run, new RunOnDisk(_folder.At("run")));
    }

    [Theory]
    [InlineData("--items", "words", "items: words, was words, sample:290")]
    [InlineData("--shard", "1/2", "shard: 1/2, was not given")]
    public void What_is_not_what_the_run_was_begun_with_is_named(
        string option,
        string value,
        string difference
    )
    {
        Copy();
        CutOff();
        var before = _folder.Snapshot();

        var outcome = Resume(option, value);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(
            $"echorate: {_folder.At("run")}: the run was begun with something else: {difference}",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.Equal(before, _folder.Snapshot());
    }

    [Fact]
    public void Another_content_of_items_or_of_a_model_is_named()
    {
        var items = _folder.Write("w.csv", "item,category\n red,colour\n blue,colour\n");
        var model = _folder.At("m.gguf");
        File.Copy(demo.Model("demo-echo-F16"), model);
        var begun = Echorate.Run(
            _folder.Path,
            "run --file m.gguf --items w.csv --prompts published --threads 1 --out run"
        );
        Assert.Equal(0, begun.ExitCode);
        CutOff();

        File.WriteAllText(items, "item,category\n red,colour\n green,colour\n");
        var otherItems = Resume();
        File.WriteAllText(items, "item,category\n red,colour\n blue,colour\n");
        File.Copy(demo.Model("demo-echo-Q8_0"), model, overwrite: true);
        var otherQuantization = Resume();
        File.Copy(demo.Model("demo-echo-F16"), model, overwrite: true);
        using (var bytes = File.OpenWrite(model))
        {
            bytes.Seek(-1, SeekOrigin.End);
            bytes.WriteByte(77);
        }
        var otherWeights = Resume();

        Assert.Equal(
            (2, 2, 2),
            (otherItems.ExitCode, otherQuantization.ExitCode, otherWeights.ExitCode)
        );
        Assert.Contains("content of item and prompt files: w.csv sha256:", otherItems.Error);
        Assert.Contains("file 1: m Q8_0", otherQuantization.Error);
        Assert.Contains(
            "when its first rows were measured",
            Assert.Single(otherWeights.ErrorLines, line => line.StartsWith("echorate", default))
        );
    }

    [Fact]
    public void A_damaged_line_is_named()
    {
        Copy();
        CutOff();
        var journal = new RunOnDisk(_folder.At("run")).Journals.First();
        var lines = File.ReadAllText(journal).Split('\n');
        lines[6] = lines[6].Replace("\"place\":5", "\"place\":4");
        File.WriteAllText(journal, string.Join('\n', lines));

        foreach (
            string[] command in (string[][])
                [
                    ["run", "--resume", "--out", "run"],
                    ["compare", "run"],
                ]
        )
        {
            var outcome = Echorate.Run(_folder.Path, command);

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
        Copy();
        var journals = new RunOnDisk(_folder.At("run")).Journals.ToList();
        Cut(journals[1], 0.5);
        File.Delete(journals[2]);
        CutOff();

        var outcome = Echorate.Run(_folder.Path, "compare", "run");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("this run did not finish", outcome.Error);
        var quants = new RunOnDisk(_folder.At("run")).Compare.Rows.Where(row =>
            row["contrast"] == "quant"
        );
        Assert.InRange(quants.Sum(row => row.Number("items")!.Value), 100, 1000);
    }

    [Fact]
    public void What_never_became_a_run_starts_afresh()
    {
        Directory.CreateDirectory(_folder.At("run", "rows"));
        Directory.CreateDirectory(_folder.At("run", "logs"));
        _folder.Write(Path.Combine("run", "run.lock"), "");
        _folder.Write(Path.Combine("run", "run.json.tmp"), "{");

        var outcome = Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-echo-F16")} --items words "
                + "--prompts published --threads 1 --resume --out run"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.DoesNotContain(
            new RunOnDisk(_folder.At("run")).Names,
            name => name.Contains("lock", default) || name.EndsWith(".tmp", default)
        );
    }

    [Fact]
    public void A_folder_of_something_else_and_one_that_is_not_named_are_refused()
    {
        _folder.Write(Path.Combine("mine", "notes.txt"), "mine");

        var mine = Echorate.Run(
            _folder.Path,
            $"run --resume --out mine --file {demo.Model("demo-echo-F16")}"
        );
        var nowhere = Echorate.Run(_folder.Path, "run", "--resume");
        var ofDemo = Echorate.Run(_folder.Path, $"run --resume --out {demo.Run.Path}");

        Assert.Equal((3, 2, 2), (mine.ExitCode, nowhere.ExitCode, ofDemo.ExitCode));
        Assert.Contains("is not empty", mine.Error);
        Assert.Equal(
            "echorate: --resume: name the run's folder with --out DIR",
            Assert.Single(nowhere.ErrorLines)
        );
        Assert.Contains("made by 'echorate demo'", ofDemo.Error);
    }

    [Fact]
    public void A_folder_that_another_process_writes_into_is_refused()
    {
        Copy();
        CutOff();
        using var held = new FileStream(
            _folder.At("run", "run.lock"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );

        var resumed = Resume();
        var compared = Echorate.Run(_folder.Path, "compare", "run");
        var begun = Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-echo-F16")} --out run"
        );

        foreach (var outcome in (Outcome[])[resumed, compared, begun])
        {
            Assert.Equal(3, outcome.ExitCode);
            Assert.Equal(
                $"echorate: {_folder.At("run")}: another echorate is writing into it; wait for its end, or name another folder",
                Assert.Single(outcome.ErrorLines)
            );
        }
    }

    [Fact]
    public void Another_schema_is_refused_by_its_number()
    {
        Copy();
        var info = _folder.At("run", "run.json");
        File.WriteAllText(
            info,
            File.ReadAllText(info)
                .Replace("\"schema_version\": 5", "\"schema_version\": 2")
                .Replace("\"run_id\"", "\"id_of_then\"")
        );

        foreach (
            string[] command in (string[][])
                [
                    ["run", "--resume", "--out", "run"],
                    ["compare", "run"],
                    ["merge", "run", "--out", "other"],
                ]
        )
        {
            var outcome = Echorate.Run(_folder.Path, command);

            Assert.Equal(3, outcome.ExitCode);
            Assert.Equal(
                $"echorate: {info}: schema version 2; this program reads 5",
                Assert.Single(outcome.ErrorLines)
            );
        }
    }

    private Outcome Resume(params string[] more) =>
        Echorate.Run(_folder.Path, [.. "run --resume --out run".Split(' '), .. more]);

    private void Copy() => TemporaryFolder.Copy(whole.Run.Path, _folder.At("run"));

    // What a run leaves that was killed while it wrote its CSV files.
    private void CutOff()
    {
        var run = _folder.At("run");
        Directory.GetFiles(run, "*.csv").ToList().ForEach(File.Delete);
        File.WriteAllText(Path.Combine(run, "echo-001.csv.partial"), "schema_version,");
        File.WriteAllText(Path.Combine(run, "run.json.tmp"), "{");
        var info = Path.Combine(run, "run.json");
        File.WriteAllText(info, Finished().Replace(File.ReadAllText(info), ""));
    }

    private static void Cut(string journal, double part)
    {
        using var stream = File.OpenWrite(journal);
        stream.SetLength((long)(stream.Length * part));
    }

    [GeneratedRegex(@",\s*""finished"": ""[^""]+""")]
    private static partial Regex Finished();

    public void Dispose() => _folder.Dispose();
}
