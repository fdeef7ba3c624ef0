using System.Text.Json;
using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.DemoModels;
using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Tests.Nonfinite;

/// <summary>
/// A file in which one word's input embedding holds NaN, its output head being whole: that word cannot be measured, everything
/// else can, although all rows of a batch share one cache.
/// </summary>
public sealed class NonfiniteTests : IDisposable
{
    private const string Bad = " Spain";

    private static readonly WordSet s_words = PublishedWords.Set;
    private static readonly WordSet s_sound = new(
        "sound",
        [.. s_words.Items.Where(item => item.Text != Bad)]
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("without", 27)]
    [InlineData("with", 27)]
    [InlineData("without", 4)]
    [InlineData("with", 4)]
    [InlineData("without", 1)]
    [InlineData("with", 1)]
    public void Only_the_word_that_holds_nan_is_nonfinite_and_the_others_are_as_in_the_whole_file(
        string armName,
        int sequences
    )
    {
        var arm = Arm.Find(armName)!;
        using var whole = OpenFile.Open(Untied(float.Pi), sequences);
        using var spoilt = OpenFile.Open(Untied(float.NaN), sequences);

        var expected = whole.Context.Echo(s_words, arm);
        var rows = spoilt.Context.Echo(s_words, arm);

        foreach (var (clean, row) in expected.Zip(rows))
        {
            if (row.Item!.AsSpan().SequenceEqual(new Item(Bad).Bytes))
            {
                Assert.Equal(RowStatus.Nonfinite, row.Status);
                Assert.Equal(clean.InputIds, row.InputIds);
                Assert.Null(row.Top1);
                Assert.Null(row.EchoMargin);
                Assert.Contains("NaN", row.Reason);
            }
            else
            {
                Assert.Equal(RowStatus.Ok, row.Status);
                Assert.Equal(clean.Top1, row.Top1);
                Assert.Equal(clean.EchoMargin!.Value, row.EchoMargin!.Value, 2e-3);
                Assert.Equal(clean.Entropy!.Value, row.Entropy!.Value, 2e-3);
            }
        }
    }

    [Theory]
    [InlineData(27)]
    [InlineData(1)]
    public void Afterwards_the_session_measures_to_the_last_bit_as_one_that_met_no_nan(
        int sequences
    )
    {
        using var whole = OpenFile.Open(Untied(float.Pi), sequences);
        using var spoilt = OpenFile.Open(Untied(float.NaN), sequences);
        spoilt.Context.Words();

        foreach (var arm in Arm.Default)
        {
            Assert.Equal(
                JsonSerializer.Serialize(whole.Context.Echo(s_sound, arm)),
                JsonSerializer.Serialize(spoilt.Context.Echo(s_sound, arm))
            );
        }
    }

    [Fact]
    public void A_prompt_that_holds_nan_leaves_its_neighbours_as_they_are()
    {
        var set = new PromptSet(
            "set",
            [
                new("before", PublishedPrompts.Published.Prompts[0].Text, " Mary"),
                new("bad", "John went to Spain and", " Mary"),
                new("after", "Mary went to the store and", " Mary"),
            ],
            true
        );
        using var whole = OpenFile.Open(Untied(float.Pi));
        using var spoilt = OpenFile.Open(Untied(float.NaN));

        foreach (var arm in Arm.Default)
        {
            var expected = whole.Context.Complete(set, arm);
            var rows = spoilt.Context.Complete(set, arm);

            Assert.Equal(
                [RowStatus.Ok, RowStatus.Nonfinite, RowStatus.Ok],
                rows.Select(row => row.Status)
            );
            Assert.Null(rows[1].Continuation);
            foreach (var i in (int[])[0, 2])
            {
                Assert.Equal(expected[i].ContinuationIds, rows[i].ContinuationIds);
                Assert.Equal(
                    expected[i].ExpectedMargin!.Value,
                    rows[i].ExpectedMargin!.Value,
                    2e-3
                );
            }
        }
    }

    // demo-plain with a head of its own (Qwen3 files may have one) and one number of the word's embedding row replaced. Gemma's
    // cannot be had: its head is the embedding, and NaN there would be NaN in every row.
    private string Untied(float value)
    {
        var source = GgufFile.Read(DemoFiles.PathOf(DemoCatalogue.Plain, "F16"));
        var embedding = source.Tensor("token_embd.weight")!;
        var writer = new GgufWriter();
        foreach (var (key, known) in source.Metadata.Entries)
        {
            writer.Add(key, known);
        }
        foreach (var tensor in source.Tensors)
        {
            writer.AddTensor(
                tensor.Name,
                tensor.Dimensions.AsSpan(),
                tensor.Type,
                stream => stream.Write(tensor == embedding ? Patched() : Bytes(tensor))
            );
        }
        writer.AddTensor(
            "output.weight",
            embedding.Dimensions.AsSpan(),
            embedding.Type,
            stream => stream.Write(Bytes(embedding))
        );
        var path = _folder.File($"untied-{(float.IsNaN(value) ? "nan" : "whole")}-F16.gguf");
        writer.Write(path);
        return path;

        byte[] Bytes(GgufTensorInfo tensor)
        {
            using var bytes = new MemoryStream();
            source.CopyTensor(tensor, bytes);
            return bytes.ToArray();
        }

        byte[] Patched()
        {
            var bytes = Bytes(embedding);
            var row = DemoCatalogue.Plain.Vocabulary().Id(Bad) * (int)embedding.Dimensions[0];
            BitConverter.TryWriteBytes(bytes.AsSpan(2 * (row + 5)), (Half)value);
            return bytes;
        }
    }
}
