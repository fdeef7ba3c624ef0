using TokenKind = EchoRate.DemoModels.Vocabulary.TokenKind;

namespace EchoRate.Cli.Tests.Published;

/// <summary>Items that come from vocabularies: <c>common:N</c>, <c>sample:N</c>, <c>all</c>, in one run of two families.</summary>
public sealed class DrawnItemRunTests : IDisposable
{
    private static readonly Miniature[] s_models = [Miniatures.Gemma, Miniatures.Qwen3];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Common_words_are_the_same_everywhere_samples_are_the_file_s_own_and_all_is_every_ordinary_token()
    {
        var echo = Run("--items", "common:30,sample:20,all");

        Assert.Equal(Items(echo, s_models[0], "common:30"), Items(echo, s_models[1], "common:30"));
        foreach (var model in s_models)
        {
            var vocabulary = model.Vocabulary();
            var ordinary = vocabulary
                .Tokens.Select((token, id) => (token, id))
                .Where(entry => entry.token.Kind is TokenKind.Normal)
                .Select(entry => entry.id);

            Assert.Equal(30, Items(echo, model, "common:30").Distinct().Count());
            Assert.Equal(20, Items(echo, model, "sample:20").Distinct().Count());
            Assert.Equal(
                ordinary,
                Rows(echo, model, "all")
                    .Select(row => int.Parse(row["token_id"], CultureInfo.InvariantCulture))
            );
            Assert.All(
                [.. Rows(echo, model, "common:30"), .. Rows(echo, model, "sample:20")],
                row => Assert.Matches(@"^ \p{L}+$", row["item"])
            );
            Assert.All(
                echo.Rows.Where(row => row["model"] == model.Name),
                row =>
                {
                    Assert.Equal(("ok", $"[{row["token_id"]}]"), (row["status"], row["input_ids"]));
                    Assert.Equal(
                        row.Number("token_id")!.Value / vocabulary.Tokens.Length,
                        row.Number("vocab_quantile")!.Value,
                        12
                    );
                }
            );
        }
    }

    private CsvFile Run(params string[] arguments)
    {
        var folder = _folder.At(Guid.NewGuid().ToString("N"));
        foreach (var model in s_models)
        {
            model.Write(_folder.At(model.Name + "-F16.gguf"));
        }
        var outcome = Echorate.Run(
            _folder.Path,
            [
                "run",
                .. s_models.SelectMany(model => (string[])["--file", model.Name + "-F16.gguf"]),
                .. "--arms without --prompts published --continue-tokens 0 --threads 1 --csv data --out".Split(
                    ' '
                ),
                folder,
                .. arguments,
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return new RunOnDisk(folder).Echo;
    }

    private static List<CsvRow> Rows(CsvFile echo, Miniature model, string set) =>
        [.. echo.Rows.Where(row => row["model"] == model.Name && row["item_set"] == set)];

    private static IEnumerable<string> Items(CsvFile echo, Miniature model, string set) =>
        Rows(echo, model, set).Select(row => row["item"]);

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
