using System.Diagnostics;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.DemoModels;
using EchoRate.Gguf;

namespace EchoRate.Cli.Tests.Nonfinite;

/// <summary>Files whose logits hold NaN or infinity: the rows say so, the others are measured, and it is no failure.</summary>
public sealed class NonfiniteTests(DemoRun demo) : IDisposable
{
    private const string Word = " Sarah";

    // Neighbours of a spoilt row are measured alone: another width of the batch moves the last digits.
    private const double Tolerance = 1e-3;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<float> Values =>
        [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [Fact]
    public void One_spoilt_word_is_nonfinite_and_its_neighbours_are_as_in_the_clean_file()
    {
        Untied(_folder.At("clean-F16.gguf"));
        var clean = Run("clean");
        foreach (var value in Values.Select(data => data.Data))
        {
            var name = FormattableString.Invariant($"spoilt{value}");
            File.Copy(_folder.At("clean-F16.gguf"), _folder.At($"{name}-F16.gguf"));
            Fill(_folder.At($"{name}-F16.gguf"), "token_embd.weight", TokenOf(Word), value);
            SameButForTheWord(clean, Run(name));
        }
    }

    private static void SameButForTheWord(RunOnDisk clean, RunOnDisk spoilt)
    {
        Same(clean.Echo, spoilt.Echo, "echo_margin_nat", row => row["item"] == Word, 2);
        // Sarah is in 20 of the 60 sentences.
        Same(
            clean.Completion,
            spoilt.Completion,
            "expected_margin_nat",
            row => row["prompt"].Contains(Word),
            2 * 20
        );
        var summary = spoilt.Summary.Rows.First(row => row["probe"] == "echo");
        Assert.Equal("27", summary["items"]);
        Assert.Equal("26", summary["measured"]);
        Assert.Equal("ok", spoilt.Files.Rows[0]["status"]);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_file_with_nothing_but_spoilt_logits_ends_well_and_soon(float value)
    {
        File.Copy(demo.Model("demo-echo-F16"), _folder.At("spoilt-F16.gguf"));
        Fill(_folder.At("spoilt-F16.gguf"), "output_norm.weight", 0, value);
        var clock = Stopwatch.StartNew();

        var run = Run("spoilt");

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Equal(2 * (27 + 500), run.Echo.Rows.Count);
        Assert.Equal(2 * 61, run.Completion.Rows.Count);
        Assert.All(run.Echo.Rows.Concat(run.Completion.Rows), IsNonfinite);
        Assert.All(
            run.Summary.Rows,
            row =>
            {
                Assert.Equal("nonfinite", row["status"]);
                Assert.Equal("0", row["measured"]);
                Assert.Equal("", row["rate"]);
            }
        );
    }

    private static void Same(
        CsvFile clean,
        CsvFile spoilt,
        string margin,
        Predicate<CsvRow> isSpoilt,
        int count
    )
    {
        Assert.Equal(clean.Rows.Count, spoilt.Rows.Count);
        foreach (var (expected, row) in clean.Rows.Zip(spoilt.Rows))
        {
            Assert.Equal(expected["input_ids"], row["input_ids"]);
            if (isSpoilt(row))
            {
                IsNonfinite(row);
                count--;
                continue;
            }
            Assert.Equal("ok", row["status"]);
            var top = row.Cells.ContainsKey("top1_id") ? "top1_id" : "next_id";
            Assert.Equal(expected[top], row[top]);
            Assert.Equal(expected.Number(margin)!.Value, row.Number(margin)!.Value, Tolerance);
            Assert.Equal(
                expected.Number("entropy_nat")!.Value,
                row.Number("entropy_nat")!.Value,
                Tolerance
            );
        }
        Assert.Equal(0, count);
    }

    private static void IsNonfinite(CsvRow row)
    {
        Assert.Equal("nonfinite", row["status"]);
        Assert.Equal("the model's logits hold NaN or infinity", row["reason"]);
        foreach (
            var column in new[]
            {
                "echo",
                "hit",
                "top1_id",
                "next_id",
                "entropy_nat",
                "continuation",
            }
        )
        {
            Assert.Equal("", row.Cells.GetValueOrDefault(column, ""));
        }
    }

    private RunOnDisk Run(string name)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            "run",
            "--threads",
            "1",
            "--file",
            $"{name}-F16.gguf",
            "--out",
            name,
            "--csv",
            "data"
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return new RunOnDisk(_folder.At(name));
    }

    private int TokenOf(string word) =>
        (int)
            demo
                .Run.Echo.Rows.First(row => row["model"] == "demo-plain" && row["item"] == word)
                .Number("token_id")!;

    // The head of the demo models is the embedding itself: one spoilt row of it would spoil every answer.
    private void Untied(string path)
    {
        var source = GgufFile.Read(demo.Model(DemoCatalogue.Plain.Name + "-F16"));
        var embedding = source.Tensor("token_embd.weight")!;
        GgufWriter
            .CopyOf(source)
            .AddTensor(
                "output.weight",
                embedding.Dimensions.AsSpan(),
                embedding.Type,
                stream => source.CopyTensor(embedding, stream)
            )
            .Write(path);
    }

    private static void Fill(string path, string tensor, int row, float value)
    {
        var file = GgufFile.Read(path);
        var info = file.Tensor(tensor)!;
        var values = new float[info.Dimensions[0]];
        Array.Fill(values, value);
        using var stream = File.OpenWrite(path);
        stream.Position =
            file.Parts[0].DataOffset
            + info.Offset
            + row * (info.ByteCount / (info.ElementCount / info.Dimensions[0]));
        GgufWriter.WriteFloats(stream, info.Type, values);
    }

    public void Dispose() => _folder.Dispose();
}
