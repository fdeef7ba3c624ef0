using EchoRate.DemoModels;

namespace EchoRate.Cli.Tests.Demo;

/// <summary>The demo models are constructed so that their answers are known: echo.csv and completion.csv must give them.</summary>
public sealed class DemoAnswerTests(DemoRun demo)
{
    // The catalogue speaks of F16; in Q8_0 the margins are still wide enough.
    public static TheoryData<string, string> Files =>
        [
            .. from model in DemoCatalogue.All
            from quant in (string[])["F16", "Q8_0"]
            select (model.Name, quant),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Words_come_back_as_the_catalogue_says(string name, string quant)
    {
        var model = DemoCatalogue.All.Single(candidate => candidate.Name == name);
        var rows = Rows(demo.Run.Echo, name, quant);

        foreach (var word in model.Words)
        {
            Assert.Equal(word.WithoutBos, rows[("without", word.Text)].HexText("top1_hex"));
            Assert.Equal(word.AfterBos, rows[("with", word.Text)].HexText("top1_hex"));
            Assert.Equal(word.EchoesWithoutBos ? "1" : "0", rows[("without", word.Text)]["echo"]);
            Assert.Equal(word.EchoesAfterBos ? "1" : "0", rows[("with", word.Text)]["echo"]);
        }
        Assert.Equal(2 * 27, rows.Count);
    }

    [Fact]
    public void The_plain_model_echoes_in_no_arm_of_any_quantization() =>
        Assert.All(
            demo.Run.Echo.Rows.Where(row => row["model"] == "demo-plain"),
            row => Assert.Equal("0", row["echo"])
        );

    [Fact]
    public void Every_row_proves_its_condition_by_the_ids_that_went_in()
    {
        var bos = demo.Run.Files.Rows.ToDictionary(row => row["file_id"], row => row["bos_id"]);
        foreach (var row in demo.Run.Echo.Rows)
        {
            var prefix = row["arm"] == "with" ? bos[row["file_id"]] + " " : "";
            Assert.Equal($"[{prefix}{row["token_id"]}]", row["input_ids"]);
            Assert.Equal(prefix.TrimEnd(), row["prefix_id"]);
            Assert.Equal(row["item"], row.HexText("token_hex"));
            Assert.Equal($"'{row["item"]}'", row["token_piece"]);
            Assert.Equal(row["model"] == "demo-echo" ? "native" : "declared", row["bos_kind"]);
        }
        foreach (
            var pair in demo.Run.Completion.Rows.GroupBy(row =>
                (row["file_id"], row["prompt_set"], row["prompt_id"])
            )
        )
        {
            var without = pair.Single(row => row["arm"] == "without").Ids("input_ids");
            var with = pair.Single(row => row["arm"] == "with").Ids("input_ids");
            Assert.Equal([int.Parse(bos[pair.Key.Item1]), .. without], with);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_published_prompt_goes_on_as_the_catalogue_says(string name, string quant)
    {
        var model = DemoCatalogue.All.Single(candidate => candidate.Name == name);
        foreach (var expected in model.Completions)
        {
            var row = demo.Run.Completion.Rows.Single(row =>
                row["model"] == name
                && row["quant"] == quant
                && row["prompt_set"] == "published"
                && row["arm"] == (expected.AfterBos ? "with" : "without")
            );
            Assert.Equal(expected.Prompt, row["prompt"]);
            Assert.Equal(string.Concat(expected.Continuation), row["continuation"]);
            Assert.Equal(expected.EndsBySign ? "eog" : "length", row["stop"]);
            var vocabulary = model.Vocabulary();
            var ids = expected.Continuation.Select(vocabulary.Id);
            Assert.Equal(
                expected.EndsBySign ? [.. ids, vocabulary.EosId] : ids,
                row.Ids("continuation_ids")
            );
            Assert.Equal(expected.Continuation[0], row.HexText("next_hex"));
            Assert.Equal(expected.Continuation[0] == " Mary" ? "1" : "0", row["hit"]);
        }
    }

    private static Dictionary<(string Arm, string Item), CsvRow> Rows(
        CsvFile file,
        string model,
        string quant
    ) =>
        file
            .Rows.Where(row => row["model"] == model && row["quant"] == quant)
            .ToDictionary(row => (row["arm"], row["item"]));
}
