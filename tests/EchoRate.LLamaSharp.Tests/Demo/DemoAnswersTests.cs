using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.DemoModels;
using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.LLamaSharp.Tests.Demo;

/// <summary>
/// The demo models' answers are known beforehand: header, llama.cpp and probes together have to give exactly these. F16 is what the
/// catalogue speaks of; in Q8_0 the margins are still wide enough.
/// </summary>
public sealed class DemoAnswersTests
{
    public static TheoryData<string, string> Files =>
        [
            .. from model in DemoCatalogue.All
            from quantization in (string[])["F16", "Q8_0"]
            select (model.Name, quantization),
        ];

    [Theory, MemberData(nameof(Files))]
    public void Words_are_answered_as_the_catalogue_says(string name, string quantization)
    {
        var model = Model(name);
        using var file = OpenFile.Open(DemoFiles.PathOf(model, quantization));

        var rows = file.Context.Words();

        Assert.Equal(2 * model.Words.Count, rows.Count);
        Assert.All(rows, row => Assert.Equal(RowStatus.Ok, row.Status));
        foreach (var (word, row) in model.Words.Zip(rows))
        {
            Assert.Equal(("without", word.Text), (row.Arm, Text(row.Item!)));
            Assert.Equal(word.WithoutBos, Text(row.Top1!.Bytes));
            Assert.Equal(word.EchoesWithoutBos, row.Echo);
            Assert.Equal(word.EchoesWithoutBos, row.EchoMargin > 0);
            Assert.Equal(word.EchoesWithoutBos, row.TokenRank == 1);
        }
        foreach (var (word, row) in model.Words.Zip(rows.Skip(model.Words.Count)))
        {
            Assert.Equal(("with", word.Text), (row.Arm, Text(row.Item!)));
            Assert.Equal(word.AfterBos, Text(row.Top1!.Bytes));
            Assert.Equal(word.EchoesAfterBos, row.Echo);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Input_ids_prove_the_arm(string name, string quantization)
    {
        var model = Model(name);
        var vocabulary = model.Vocabulary();
        using var file = OpenFile.Open(DemoFiles.PathOf(model, quantization));

        foreach (var row in file.Context.Words())
        {
            var id = vocabulary.Id(Text(row.Item!));
            int[] expected = row.Arm == "with" ? [vocabulary.BosId, id] : [id];
            Assert.Equal(expected, row.InputIds);
            Assert.Equal(row.Arm == "with" ? vocabulary.BosId : null, row.Prefix?.Id);
            Assert.Equal(id, row.Token!.Id);
            Assert.Equal(row.Item, row.Token.Bytes);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Prompts_are_completed_as_the_catalogue_says(string name, string quantization)
    {
        var model = Model(name);
        var vocabulary = model.Vocabulary();
        using var file = OpenFile.Open(DemoFiles.PathOf(model, quantization));

        foreach (var completion in model.Completions)
        {
            var set = new PromptSet("set", [new("one", completion.Prompt, " Mary")], true);
            var row = Assert.Single(
                file.Context.Complete(set, completion.AfterBos ? Arm.With : Arm.Without)
            );

            var continuation = completion.Continuation.Select(vocabulary.Id).ToList();
            Assert.Equal(string.Concat(completion.Continuation), Text(row.Continuation!));
            Assert.Equal(completion.EndsBySign ? StopReason.Eog : StopReason.Length, row.Stop);
            Assert.Equal(
                completion.EndsBySign ? [.. continuation, vocabulary.EosId] : continuation,
                row.ContinuationIds
            );
            Assert.Equal(continuation[0], row.Next!.Id);
            Assert.Equal(completion.Continuation[0] == " Mary", row.Hit);
            Assert.Equal(Ids(vocabulary, completion), row.InputIds);
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Bos_means_what_the_family_makes_of_it(string name, string quantization)
    {
        var model = Model(name);
        using var file = OpenFile.Open(DemoFiles.PathOf(model, quantization));

        Assert.Equal(
            model == DemoCatalogue.Echo ? BosKind.Native : BosKind.Declared,
            file.Context.Facts.BosKind
        );
        Assert.True(file.Context.Facts.Constructed);
        Assert.Equal(quantization, file.Context.Facts.Quantization);
    }

    // A file of items may name them; llama.cpp's tokenizers must never see such bytes.
    [Theory, MemberData(nameof(Files))]
    public void Half_a_character_is_measured_by_its_bytes(string name, string quantization)
    {
        using var file = OpenFile.Open(DemoFiles.PathOf(Model(name), quantization));
        var set = new WordSet("halves", [new Item([0xc3]), new Item([0xc3, 0xc3])]);

        var rows = file.Context.Echo(set, Arm.With);

        Assert.Equal([RowStatus.Ok, RowStatus.NotSingleToken], rows.Select(row => row.Status));
        Assert.Equal([0xc3], rows[0].Token!.Bytes);
        Assert.Equal([Model(name).Vocabulary().BosId, rows[0].Token!.Id], rows[0].InputIds!);
    }

    // Every word of the published prompt is one token, and so is every sign.
    private static int[] Ids(ConstructedVocabulary vocabulary, DemoCompletion completion)
    {
        var words = completion.Prompt.Replace(" ", "| ", StringComparison.Ordinal);
        var ids = words
            .Replace(",", "|,", StringComparison.Ordinal)
            .Split('|')
            .SelectMany(word => vocabulary.Has(word) ? [vocabulary.Id(word)] : Spelt(word));
        return completion.AfterBos ? [vocabulary.BosId, .. ids] : [.. ids];

        IEnumerable<int> Spelt(string word) =>
            word.Select(letter => vocabulary.Id(letter.ToString()));
    }

    private static DemoModel Model(string name) =>
        DemoCatalogue.All.Single(model => model.Name == name);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
