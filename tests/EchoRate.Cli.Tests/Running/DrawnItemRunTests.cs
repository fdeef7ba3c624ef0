using TokenKind = EchoRate.DemoModels.Vocabulary.TokenKind;

namespace EchoRate.Cli.Tests.Running;

/// <summary>Items that come from vocabularies: <c>common:N</c>, <c>sample:N</c>, <c>all</c>, in one run of two families.</summary>
public sealed class DrawnItemRunTests : ProgramTests
{
    [Fact]
    public void Common_words_are_the_same_everywhere_samples_are_the_file_s_own_and_all_is_every_ordinary_token()
    {
        Miniature[] models = [Miniatures.Gemma, Miniatures.Qwen3];
        foreach (var model in models)
        {
            model.Write(Folder.At(model.Name + "-F16.gguf"));
        }

        var echo = Measure(
            "run --items common:30,sample:20,all --arms without --prompts published --continue-tokens 0 --no-check "
                + $"--file {models[0].Name}-F16.gguf --file {models[1].Name}-F16.gguf"
        ).Echo;

        Assert.Equal(Items(models[0], "common:30"), Items(models[1], "common:30"));
        foreach (var model in models)
        {
            var vocabulary = model.Vocabulary();
            Assert.Equal(30, Items(model, "common:30").Distinct().Count());
            Assert.Equal(20, Items(model, "sample:20").Distinct().Count());
            Assert.All(
                Items(model, "common:30").Concat(Items(model, "sample:20")),
                item => Assert.Matches(@"^ \p{L}+$", item)
            );
            Assert.Equal(
                vocabulary
                    .Tokens.Index()
                    .Where(token => token.Item.Kind is TokenKind.Normal)
                    .Select(token => $"{token.Index}"),
                echo.Where($"model={model.Name} item_set=all").Tell("token_id")
            );
            Assert.All(
                echo.Where("model=" + model.Name),
                row =>
                {
                    Assert.Equal($"ok [{row["token_id"]}]", row.Tell("status input_ids"));
                    Assert.Equal(
                        row.Number("token_id")!.Value / vocabulary.Tokens.Length,
                        row.Number("vocab_quantile")!.Value,
                        12
                    );
                }
            );
        }

        IEnumerable<string> Items(Miniature model, string set) =>
            echo.Where($"model={model.Name} item_set={set}").Tell("item");
    }
}
