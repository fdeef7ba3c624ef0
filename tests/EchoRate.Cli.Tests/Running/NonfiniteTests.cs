using EchoRate.DemoModels;

namespace EchoRate.Cli.Tests.Running;

/// <summary>Files whose logits hold NaN or infinity: the rows say so, the others are measured, and it is no failure.</summary>
public sealed class NonfiniteTests(DemoRun demo) : ProgramTests
{
    private const string Word = " Sarah";

    // Neighbours of a spoilt row are measured alone: another width of the batch moves the last digits.
    private const double Tolerance = 1e-3;

    [Fact]
    public void One_spoilt_word_is_nonfinite_and_its_neighbours_are_as_in_the_clean_file()
    {
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        var clean = Untied("clean-F16.gguf");
        foreach (var value in values)
        {
            File.Copy(clean, Folder.At($"spoilt{value}-F16.gguf"));
            Spoil(Folder.At($"spoilt{value}-F16.gguf"), value);
        }

        var run = Measure(
            "run --items words --file clean-F16.gguf",
            [.. values.SelectMany(value => (string[])["--file", $"spoilt{value}-F16.gguf"])]
        );

        foreach (var model in values.Select(value => $"spoilt{value}"))
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
            Assert.Equal(
                ["27 26", "27 26"],
                run.Summary.Where($"model={model} probe=echo").Tell("items measured")
            );
            Assert.Equal(["ok"], run.Files.Where($"model={model}").Tell("status"));
        }
    }

    private static void Same(
        CsvFile table,
        string model,
        string margin,
        Predicate<CsvRow> isSpoilt,
        int count
    )
    {
        var (clean, spoilt) = (table.Where("model=clean"), table.Where("model=" + model));
        Assert.Equal(clean.Tell("arm input_ids"), spoilt.Tell("arm input_ids"));
        Assert.Equal(count, spoilt.Count(row => isSpoilt(row)));
        var isEcho = table.Columns.Contains("top1_id");
        foreach (var (expected, row) in clean.Zip(spoilt))
        {
            if (isSpoilt(row))
            {
                Assert.Equal(
                    "nonfinite  the model's logits hold NaN or infinity   ",
                    row.Tell(
                        "status entropy_nat reason "
                            + (isEcho ? "echo top1_id kld_nat" : "hit next_id continuation")
                    )
                );
                continue;
            }
            var top = isEcho ? "status top1_id" : "status next_id";
            Assert.Equal(expected.Tell(top), row.Tell(top));
            foreach (var column in new[] { margin, "entropy_nat" })
            {
                Assert.Equal(expected.Number(column)!.Value, row.Number(column)!.Value, Tolerance);
            }
        }
    }

    // The head of the demo models is the embedding itself: one spoilt row of it would spoil every answer.
    private string Untied(string name)
    {
        var source = GgufFile.Read(demo.Model(DemoCatalogue.Plain.Name + "-F16"));
        var embedding = source.Tensor("token_embd.weight")!;
        return GgufCopy
            .Of(source)
            .AddTensor(
                "output.weight",
                embedding.Dimensions.AsSpan(),
                embedding.Type,
                stream => source.CopyTensor(embedding, stream)
            )
            .In(Folder, name);
    }

    private static void Spoil(string path, float value)
    {
        var file = GgufFile.Read(path);
        var info = file.Tensor("token_embd.weight")!;
        var values = new float[info.Dimensions[0]];
        Array.Fill(values, value);
        using var stream = File.OpenWrite(path);
        stream.Position =
            file.Parts[0].DataOffset
            + info.Offset
            + DemoCatalogue.Plain.Vocabulary().Id(Word)
                * (info.ByteCount / (info.ElementCount / info.Dimensions[0]));
        GgufWriter.WriteFloats(stream, info.Type, values);
    }
}
