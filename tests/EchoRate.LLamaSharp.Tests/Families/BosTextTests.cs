using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Probes;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.DemoModels;
using EchoRate.Testing;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>A prompt that begins with the text of the BOS token is text like any other.</summary>
public sealed class BosTextTests
{
    public static TheoryData<string> Names =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_name_of_a_control_token_is_spelt_out(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        using var file = OpenFile.Open(MiniatureFiles.PathOf(miniature));

        foreach (var control in vocabulary.Tokens.Where(token => IsSpecial(token.Kind)))
        {
            var text = control.Text + "When John";
            var ids = file.Vocabulary.Tokenize(Encoding.UTF8.GetBytes(text));

            Assert.DoesNotContain(
                ids,
                id => file.Vocabulary.Kind(id) is TokenKind.Control or TokenKind.Unknown
            );
            Assert.Equal(text, Spelling(file.Vocabulary, ids));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Bos_goes_in_once_behind_the_arm_that_puts_it_there(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        var text = vocabulary.Tokens[vocabulary.BosId].Text + "When John";

        var rows = FileRun.Of(MiniatureFiles.PathOf(miniature), new Prompt("p", text)).Completions;

        Assert.Equal([0, 1], rows.Select(row => row.InputIds!.Count(id => id == vocabulary.BosId)));
    }

    // llama.cpp reads user-defined tokens in any text, even where it is told to read no special ones (llama_tokenize, parse_special).
    // The ids in the row tell.
    [Fact]
    public void A_file_that_marks_bos_as_user_defined_is_found_out_by_the_ids()
    {
        var bos = Miniatures.Gemma.Vocabulary().BosId;

        var rows = FileRun
            .Of(
                MiniatureFiles.PathOf(MiniatureTraps.GemmaWithUserDefinedBos),
                new Prompt("p", "<bos>When John")
            )
            .Completions;

        Assert.Equal([1, 2], rows.Select(row => row.InputIds!.Count(id => id == bos)));
        Assert.All(rows, row => Assert.Contains(RowFlags.BosInText, row.Flags));
    }

    // A file of items may name them; llama.cpp's tokenizers must never see such bytes.
    [Theory]
    [InlineData("F16")]
    [InlineData("Q8_0")]
    public void Half_a_character_is_measured_by_its_bytes(string quantization)
    {
        foreach (var model in DemoCatalogue.All)
        {
            using var file = OpenFile.Open(DemoFiles.PathOf(model, quantization));
            var set = new WordSet("halves", [new Item([0xc3]), new Item([0xc3, 0xc3])]);

            var rows = file.Context.Echo(set, Arm.With);

            Assert.Equal([RowStatus.Ok, RowStatus.NotSingleToken], rows.Select(row => row.Status));
            Assert.Equal([0xc3], rows[0].Token!.Bytes);
            Assert.Equal([model.Vocabulary().BosId, rows[0].Token!.Id], rows[0].InputIds!);
        }
    }

    private static bool IsSpecial(DemoModels.Vocabulary.TokenKind kind) =>
        kind == DemoModels.Vocabulary.TokenKind.Control;

    private static string Spelling(IVocabulary vocabulary, int[] ids) =>
        Encoding.UTF8.GetString([.. ids.SelectMany(id => vocabulary.Piece(id).ToArray())]);
}
