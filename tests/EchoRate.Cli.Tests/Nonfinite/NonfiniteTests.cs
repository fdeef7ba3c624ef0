using EchoRate.DemoModels;

namespace EchoRate.Cli.Tests.Nonfinite;

/// <summary>Files whose logits hold NaN or infinity: the rows say so, the others are measured, and it is no failure.</summary>
public sealed class NonfiniteTests(DemoRun demo) : IDisposable
{
    private const string Word = " Sarah";

    // Neighbours of a spoilt row are measured alone: another width of the batch moves the last digits.
    private const double Tolerance = 1e-3;

    private readonly TemporaryFolder _folder = new();

    private static readonly float[] s_values =
    [
        float.NaN,
        float.PositiveInfinity,
        float.NegativeInfinity,
    ];

    [Fact]
    public void One_spoilt_word_is_nonfinite_and_its_neighbours_are_as_in_the_clean_file()
    {
        Untied(_folder.At("clean-F16.gguf"));
        foreach (var value in s_values)
        {
            File.Copy(_folder.At("clean-F16.gguf"), _folder.At($"spoilt{value}-F16.gguf"));
            Fill(_folder.At($"spoilt{value}-F16.gguf"), "token_embd.weight", TokenOf(Word), value);
        }

        var run = Run(["clean", .. s_values.Select(value => $"spoilt{value}")], "words");

        foreach (var value in s_values)
        {
            SameButForTheWord(run, $"spoilt{value}");
        }
    }

    private static void SameButForTheWord(RunOnDisk run, string model)
    {
        Same(run.Echo, model, "echo_margin_nat", row => row["item"] == Word, 2);
        // Sarah is in 20 of the 60 sentences.
        Same(
            run.Completion,
            model,
            "expected_margin_nat",
            row => row["prompt"].Contains(Word),
            2 * 20
        );
        var summary = run.Summary.Rows.First(row =>
            row["model"] == model && row["probe"] == "echo"
        );
        Assert.Equal(("27", "26"), (summary["items"], summary["measured"]));
        Assert.Equal("ok", run.Files.Rows.Single(row => row["model"] == model)["status"]);
    }

    private static void Same(
        CsvFile table,
        string model,
        string margin,
        Predicate<CsvRow> isSpoilt,
        int count
    )
    {
        var clean = table.Rows.Where(row => row["model"] == "clean").ToList();
        var spoilt = table.Rows.Where(row => row["model"] == model).ToList();
        Assert.Equal(clean.Count, spoilt.Count);
        foreach (var (expected, row) in clean.Zip(spoilt))
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

    private RunOnDisk Run(string[] names, string items)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            [
                .. $"run --threads 1 --items {items} --out r --csv data".Split(' '),
                .. names.SelectMany(name => (string[])["--file", $"{name}-F16.gguf"]),
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return new RunOnDisk(_folder.At("r"));
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
