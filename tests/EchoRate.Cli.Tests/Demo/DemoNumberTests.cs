using System.Globalization;
using System.Text;
using System.Text.Json;
using EchoRate.Cli.Tests.Fixtures;

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
    public void Log_probabilities_margins_and_entropies_fit_together()
    {
        foreach (var row in demo.Run.Echo.Rows)
        {
            var (token, top1, margin) = (
                row.Number("token_logprob_nat")!.Value,
                row.Number("top1_logprob_nat")!.Value,
                row.Number("echo_margin_nat")!.Value
            );
            Assert.InRange(top1, token, 0);
            if (row["echo"] == "0")
            {
                // What beats the token is the top-1 itself.
                Assert.Equal(token - top1, margin, 1e-9);
            }
            else
            {
                Assert.Equal(top1, token);
                // The runner-up has at most what the token leaves.
                Assert.True(
                    Math.Exp(token - margin) <= 1 - Math.Exp(token) + 1e-9,
                    $"{row["item"]}: {token}, {margin}"
                );
            }
            Assert.InRange(row.Number("entropy_nat")!.Value, 0, Math.Log(2636) + 1e-9);
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
    public void The_summary_adds_up_what_the_rows_say()
    {
        foreach (var summary in demo.Run.Summary.Rows)
        {
            var isEcho = summary["probe"] == "echo";
            var (items, measured, hits, ties) = (0, 0, 0, 0);
            var (logProbs, margins, entropies) = (0.0, 0.0, 0.0);
            List<double> ranks = [];
            foreach (var row in (isEcho ? demo.Run.Echo : demo.Run.Completion).Rows)
            {
                if (
                    row["file_id"] != summary["file_id"]
                    || row["arm"] != summary["arm"]
                    || row[isEcho ? "item_set" : "prompt_set"] != summary["set"]
                )
                {
                    continue;
                }
                items++;
                if (row["status"] != "ok")
                {
                    continue;
                }
                measured++;
                hits += row[isEcho ? "echo" : "hit"] == "1" ? 1 : 0;
                ties += row["near_tie"] == "1" ? 1 : 0;
                logProbs += row.Number(
                    isEcho ? "token_logprob_nat" : "expected_logprob_nat"
                )!.Value;
                margins += row.Number(isEcho ? "echo_margin_nat" : "expected_margin_nat")!.Value;
                entropies += row.Number("entropy_nat")!.Value;
                ranks.Add(row.Number(isEcho ? "token_rank" : "expected_rank")!.Value);
            }
            ranks.Sort();
            var half = ranks.Count / 2;
            var median = ranks.Count % 2 == 1 ? ranks[half] : (ranks[half - 1] + ranks[half]) / 2;

            Assert.Equal(items, summary.Number("items"));
            Assert.Equal(measured, summary.Number("measured"));
            Assert.Equal(hits, summary.Number("hits"));
            Assert.Equal(ties, summary.Number("near_ties"));
            Close((double)hits / measured, summary.Number("rate"));
            Close(WilsonEnd(hits, measured, -1), summary.Number("rate_low"));
            Close(WilsonEnd(hits, measured, +1), summary.Number("rate_high"));
            Close(median, summary.Number("median_rank"));
            Close(logProbs / measured, summary.Number("mean_logprob_nat"));
            Close(margins / measured, summary.Number("mean_margin_nat"));
            Close(entropies / measured, summary.Number("mean_entropy_nat"));
            Assert.Equal("ok", summary["status"]);
        }
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

    [Fact]
    public void No_cell_would_be_bent_by_a_spreadsheet()
    {
        foreach (
            var row in demo
                .Run.Files.Rows.Concat(demo.Run.Echo.Rows)
                .Concat(demo.Run.Completion.Rows)
                .Concat(demo.Run.Summary.Rows)
        )
        {
            foreach (var (column, cell) in row.Cells)
            {
                Assert.DoesNotContain("NaN", cell);
                Assert.DoesNotContain("Infinity", cell);
                Assert.DoesNotContain(cell, char.IsControl);
                if (cell.Length > 0 && "=+-@".Contains(cell[0]))
                {
                    Assert.True(
                        double.TryParse(cell, CultureInfo.InvariantCulture, out _),
                        $"{column}: {cell}"
                    );
                }
            }
        }
    }

    private static void Same(JsonElement value, CsvRow cells, string column) =>
        Close(value.GetDouble(), cells.Number(column));

    private static void Close(double expected, double? actual) =>
        Assert.Equal(expected, actual!.Value, Tolerance * Math.Max(1, Math.Abs(expected)));

    // Wilson 1927, as every textbook prints it.
    private static double WilsonEnd(int hits, int n, int sign)
    {
        const double z = 1.959963984540054;
        var p = (double)hits / n;
        var root = z * Math.Sqrt(p * (1 - p) / n + z * z / (4.0 * n * n));
        return (p + z * z / (2.0 * n) + sign * root) / (1 + z * z / n);
    }
}
