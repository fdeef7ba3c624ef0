namespace EchoRate.Cli.Tests.Demo;

/// <summary>compare.csv, computed again by plain loops from echo.csv.</summary>
public sealed class DemoCompareTests(DemoRun demo)
{
    [Fact]
    public void Contrasts_of_quantizations_equal_plain_loops_over_the_rows()
    {
        var contrasts = demo
            .Run.Compare.Rows.Where(row => row["contrast"] == "quant" && row["probe"] == "echo")
            .ToList();

        Assert.Equal(11 * 2, contrasts.Count);
        foreach (var contrast in contrasts)
        {
            var a = Rows(contrast["a_file_id"], contrast["a_arm"]);
            var b = Rows(contrast["b_file_id"], contrast["b_arm"]);
            var pairs = a.Zip(b).ToList();
            Assert.All(pairs, pair => Assert.Equal(pair.First["item"], pair.Second["item"]));
            int Count(string inA, string inB) =>
                pairs.Count(pair => pair.First["echo"] == inA && pair.Second["echo"] == inB);

            Assert.Equal(27, contrast.Number("items"));
            Assert.Equal(Count("1", "0"), contrast.Number("lost"));
            Assert.Equal(Count("0", "1"), contrast.Number("gained"));
            Assert.Equal(
                pairs.Count(pair => pair.First["echo"] == "1") / 27.0,
                contrast.Number("a_rate")!.Value,
                12
            );
            Assert.Equal(
                pairs.Count(pair => pair.First["top1_id"] == pair.Second["top1_id"]) / 27.0,
                contrast.Number("top1_agreement")!.Value,
                12
            );
            Assert.Equal(
                pairs.Average(pair =>
                    pair.Second.Number("echo_margin_nat")!.Value
                    - pair.First.Number("echo_margin_nat")!.Value
                ),
                contrast.Number("margin_delta_mean_nat")!.Value,
                9
            );
            Assert.Equal(
                b.Average(row => row.Number("kld_nat")!.Value),
                contrast.Number("kld_mean_nat")!.Value,
                12
            );
            Assert.Equal(
                b.Max(row => row.Number("kld_nat")!.Value),
                contrast.Number("kld_max_nat")!.Value,
                12
            );
            Assert.Equal("", contrast["margin_delta_low"]);
            Assert.Equal(
                Math.Min(1, contrast.Number("mcnemar_p_holm")!.Value),
                contrast.Number("mcnemar_p_holm")
            );
        }
    }

    [Fact]
    public void Compare_makes_the_same_file_again_and_takes_another_reference()
    {
        // A copy: the demo's own folder is read by other tests meanwhile.
        using var copy = new TemporaryFolder();
        Directory.CreateDirectory(copy.At("rows"));
        foreach (
            var file in Directory
                .GetFiles(Path.Combine(demo.Run.Path, "rows"))
                .Append(Path.Combine(demo.Run.Path, "run.json"))
        )
        {
            File.Copy(file, copy.At(Path.GetRelativePath(demo.Run.Path, file)));
        }

        var again = Echorate.Run(copy.Path, "compare", ".");
        var same = new RunOnDisk(copy.Path)
            .Compare.Rows.Select(row =>
                (row["lost"], row["kld_mean_nat"], row["margin_delta_mean_nat"])
            )
            .ToList();
        var other = Echorate.Run(copy.Path, "compare . --reference Q8_0");
        var against = new RunOnDisk(copy.Path)
            .Compare.Rows.Where(row => row["contrast"] == "quant")
            .ToList();
        var wrong = Echorate.Run(copy.Path, "compare . --reference Q9");
        var nowhere = Echorate.Run(copy.Path, "compare", "rows");

        Assert.Equal(
            (0, 0, 2, 3),
            (again.ExitCode, other.ExitCode, wrong.ExitCode, nowhere.ExitCode)
        );
        Assert.Equal(
            demo.Run.Compare.Rows.Select(row =>
                (row["lost"], row["kld_mean_nat"], row["margin_delta_mean_nat"])
            ),
            same
        );
        Assert.All(against, row => Assert.Equal("Q8_0", row["a_quant"]));
        Assert.All(against, row => Assert.Equal("0", row["kld_items"]));
        Assert.All(against, row => Assert.Contains("logits are gone", row["reason"]));
    }

    private List<CsvRow> Rows(string fileId, string arm) =>
        [.. demo.Run.Echo.Rows.Where(row => row["file_id"] == fileId && row["arm"] == arm)];
}
