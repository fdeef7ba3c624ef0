namespace EchoRate.Cli.Tests.Demo;

/// <summary>Whether the numbers of the demo's files agree with each other, worked out here by plain loops.</summary>
public sealed class DemoNumberTests(DemoRun demo)
{
    // Cells hold 15 significant digits.
    private const double Tolerance = 1e-12;

    [Fact]
    public void An_echo_is_a_positive_margin_and_rank_one()
    {
        foreach (var row in demo.Run.Echo.Rows)
        {
            var echo = row["echo"] == "1";
            Assert.Equal(echo, row["token_id"] == row["top1_id"]);
            Assert.Equal(echo, row.Number("echo_margin_nat") > 0);
            Assert.Equal(echo, row["token_rank"] == "1");
            Assert.Equal(echo, row["echo_class"] == "exact");
        }
        foreach (var row in demo.Run.Completion.Rows)
        {
            var hit = row["hit"] == "1";
            Assert.Equal(hit, row["expected_id"] == row["next_id"]);
            Assert.Equal(hit, row.Number("expected_margin_nat") > 0);
            Assert.Equal(hit, row["expected_rank"] == "1");
        }
    }

    [Fact]
    public void Near_ties_are_the_margins_below_the_epsilon_of_exact_arithmetic()
    {
        Assert.All(demo.Run.Summary.Rows, row => Assert.Equal("0.05", row["near_tie_eps_nat"]));
        Assert.All(
            demo.Run.Echo.Rows,
            row =>
                Assert.Equal(
                    Math.Abs(row.Number("echo_margin_nat")!.Value) < 0.05,
                    row["near_tie"] == "1"
                )
        );
    }

    [Fact]
    public void The_journals_hold_what_the_csv_files_show()
    {
        var echoes = demo.Run.Echo.Rows.GetEnumerator();
        var completions = demo.Run.Completion.Rows.GetEnumerator();
        foreach (var row in demo.Run.Journals.SelectMany(RunOnDisk.Rows))
        {
            var isEcho = row.TryGetProperty("item_set", out _);
            var rows = isEcho ? echoes : completions;
            Assert.True(rows.MoveNext());
            var cells = rows.Current;

            Assert.Equal(row.GetProperty("arm").GetString(), cells["arm"]);
            Assert.Equal(
                $"[{string.Join(' ', row.GetProperty("input_ids").EnumerateArray().Select(id => id.GetInt32()))}]",
                cells["input_ids"]
            );
            Same(row.GetProperty("entropy"), cells, "entropy_nat");
            if (isEcho)
            {
                Assert.Equal(
                    Encoding.UTF8.GetString(row.GetProperty("item").GetBytesFromBase64()),
                    cells["item"]
                );
                Assert.Equal(row.GetProperty("echo").GetBoolean(), cells["echo"] == "1");
                Same(row.GetProperty("token").GetProperty("id"), cells, "token_id");
                Same(row.GetProperty("top1").GetProperty("id"), cells, "top1_id");
                Same(row.GetProperty("echo_margin"), cells, "echo_margin_nat");
                Same(row.GetProperty("token_log_prob"), cells, "token_logprob_nat");
            }
            else
            {
                Assert.Equal(row.GetProperty("prompt").GetString(), cells["prompt"]);
                Same(row.GetProperty("next").GetProperty("id"), cells, "next_id");
                Same(row.GetProperty("next_log_prob"), cells, "next_logprob_nat");
            }
        }
        Assert.False(echoes.MoveNext());
        Assert.False(completions.MoveNext());
    }

    private static void Same(JsonElement value, CsvRow cells, string column) =>
        Close(value.GetDouble(), cells.Number(column));

    private static void Close(double expected, double? actual) =>
        Assert.Equal(expected, actual!.Value, Tolerance * Math.Max(1, Math.Abs(expected)));
}
