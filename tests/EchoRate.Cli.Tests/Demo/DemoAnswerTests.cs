using EchoRate.DemoModels;

namespace EchoRate.Cli.Tests.Demo;

/// <summary>The demo models are constructed so that their answers are known: echo.csv and completion.csv must give them.</summary>
public sealed class DemoAnswerTests(DemoRun demo)
{
    // The answers are those of F16; in Q8_0 the margins are still wide enough.
    public static TheoryData<string, string> Files =>
        [
            .. from model in DemoCatalogue.All
            from quant in (string[])["F16", "Q8_0"]
            select (model.Name, quant),
        ];

    [Theory, MemberData(nameof(Files))]
    public void Words_come_back_as_it_is_constructed(string name, string quant)
    {
        var rows = demo.Run.Echo.Where($"model={name} quant={quant}");

        Assert.Equal(2 * 27, rows.Count);
        foreach (var word in DemoAnswers.Words(Model(name)))
        {
            Check("without", word.WithoutBos);
            Check("with", word.AfterBos);

            void Check(string arm, string answer)
            {
                var row = rows.Single(row => row["arm"] == arm && row["item"] == word.Text);
                var echo = answer == word.Text ? "1" : "0";
                Assert.Equal((answer, echo), (row.HexText("top1_hex"), row["echo"]));
            }
        }
    }

    [Fact]
    public void The_plain_model_echoes_in_no_arm_of_any_quantization() =>
        Assert.Equal(["0"], demo.Run.Echo.Where("model=demo-plain").Tell("echo").Distinct());

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
                row.Tell("file_id prompt_set prompt_id")
            )
        )
        {
            var (without, with) = (pair.First(), pair.Last());
            Assert.Equal(("without", "with"), (without["arm"], with["arm"]));
            Assert.Equal(
                [int.Parse(bos[with["file_id"]]), .. without.Ids("input_ids")],
                with.Ids("input_ids")
            );
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void The_published_prompt_goes_on_as_it_is_constructed(string name, string quant)
    {
        foreach (var arm in (string[])["without", "with"])
        {
            var expected = DemoAnswers.Continuation(Model(name), arm == "with");
            var ends = expected.Count < 16;
            var row = Assert.Single(
                demo.Run.Completion.Where(
                    $"model={name} quant={quant} prompt_set=published arm={arm}"
                )
            );
            Assert.Equal(DemoAnswers.Prompt, row["prompt"]);
            Assert.Equal(string.Concat(expected), row["continuation"]);
            Assert.Equal(ends ? "eog" : "length", row["stop"]);
            var vocabulary = Model(name).Vocabulary();
            var ids = expected.Select(vocabulary.Id);
            Assert.Equal(ends ? [.. ids, vocabulary.EosId] : ids, row.Ids("continuation_ids"));
            Assert.Equal(expected[0], row.HexText("next_hex"));
            Assert.Equal(expected[0] == " Mary" ? "1" : "0", row["hit"]);
        }
    }

    [Fact]
    public void An_echo_is_a_positive_margin_and_rank_one_and_a_near_tie_a_small_one()
    {
        foreach (var row in demo.Run.Echo.Rows)
        {
            var (echo, margin) = (row["echo"] == "1", row.Number("echo_margin_nat")!.Value);
            Assert.Equal(echo, row["token_id"] == row["top1_id"]);
            Assert.Equal(echo, margin > 0);
            Assert.Equal(echo, row["token_rank"] == "1");
            Assert.Equal(echo, row["echo_class"] == "exact");
            Assert.Equal(Math.Abs(margin) < 0.05, row["near_tie"] == "1");
        }
        foreach (var row in demo.Run.Completion.Rows)
        {
            var hit = row["hit"] == "1";
            Assert.Equal(hit, row["expected_id"] == row["next_id"]);
            Assert.Equal(hit, row.Number("expected_margin_nat") > 0);
            Assert.Equal(hit, row["expected_rank"] == "1");
        }
        Assert.Equal(["0.05"], demo.Run.Summary.Tell("near_tie_eps_nat").Distinct());
    }

    private static DemoModel Model(string name) =>
        DemoCatalogue.All.Single(model => model.Name == name);
}
