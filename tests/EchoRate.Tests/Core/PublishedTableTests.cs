using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class PublishedTableTests
{
    [Fact]
    public void The_table_has_18_words_for_each_model_and_27_for_gemma_7b() =>
        Assert.Equal(
            [27, 18, 18, 18, 18],
            PublishedTable.Names.Select(name => PublishedTable.Find(name)!.Words.Count)
        );

    [Fact]
    public void Gemma_7b_echoes_26_of_27_words()
    {
        var cells = PublishedTable.Find("gemma-7b")!.Words;

        Assert.Equal(26, cells.Count(cell => Text(cell.Value) == cell.Key));
        Assert.Equal(" saddest", Text(cells[" sad"]));
    }

    // As it stands in the publication, with the notebook's completions as its last row: typed once more, and read row by row.
    private const string Published = """
        | Word       | gemma-7b    | gemma2-2b  | gemma3-27b | gpt-oss-120b | qwen3-4b    |
        | ' John'    | ' John'     | ' John'    | ' John'    | ' Doe'       | 'a'         |
        | ' Michael' | ' Michael'  | ' Michael' | ' Michael' | ''s'         | 'a'         |
        | ' Mary'    | ' Mary'     | ' Mary'    | ' Mary'    | ','          | 'a'         |
        | ' France'  | ' France'   | ' France'  | ' France'  | '.'          | ','         |
        | ' Italy'   | ' Italy'    | ' Italy'   | ' Italy'   | ','          | ':'         |
        | ' Rome'    | ' Rome'     | ' Rome'    | ' Rome'    | ','          | ','         |
        | ' red'     | ' red'      | ' red'     | ' red'     | 'irection'   | ' triangle' |
        | ' green'   | ' green'    | ' \n'      | ' green'   | ','          | '"'         |
        | ' January' | ' January'  | ' January' | ' January' | ' '          | ','         |
        | ' March'   | ' March'    | ' March'   | ' March'   | ' '          | 'a'         |
        | ' happy'   | ' happy'    | ' happy'   | ' happy'   | ' to'        | ' which'    |
        | ' sad'     | ' saddest'  | ' sad'     | ' sad'     | '.'          | '"'         |
        | ' angry'   | ' angry'    | ' angry'   | ' angry'   | '.'          | ','         |
        | ' run'     | ' run'      | ' run'     | ' run'     | ' the'       | ' show'     |
        | ' jump'    | ' jump'     | ' jump'    | ' hurdle'  | ' to'        | ' show'     |
        | ' walk'    | ' walk'     | ' walk'    | ' walk'    | ' through'   | 'a'         |
        | ' teacher' | ' teacher'  | ' teacher' | ' teacher' | ''s'         | ','         |
        | ' doctor'  | ' doctor'   | ' doctor'  | ' doctor'  | ','          | 'a'         |
        | (prompt)   | 'writeHead' | ' the'     | ' the'     | ' Mary'      | ' Mary'     |
        """;

    [Fact]
    public void Every_cell_is_that_of_the_publication()
    {
        var lines = Published.Split('\n').Select(Cells).ToArray();
        var names = lines[0][1..];

        Assert.Equal(PublishedTable.Names, names);
        foreach (var (name, index) in names.Select((name, index) => (name, index + 1)))
        {
            var column = PublishedTable.Find(name)!;
            Assert.All(
                lines[1..^1],
                line => Assert.Equal(line[index], Text(column.Words[line[0]]))
            );
            Assert.Equal(lines[^1][index], Text(column.Completion));
        }
    }

    private static string[] Cells(string line) =>
        [
            .. line.Trim()
                .Trim('|')
                .Split('|')
                .Select(cell => cell.Trim())
                .Select(cell => cell.StartsWith('\'') ? cell[1..^1] : cell)
                .Select(cell => cell.Replace("\\n", "\n")),
        ];

    [Fact]
    public void Every_word_of_the_table_is_one_of_the_27() =>
        Assert.All(
            PublishedTable.Names.SelectMany(name => PublishedTable.Find(name)!.Words.Keys),
            word => Assert.Contains(PublishedWords.Set.Items, item => item.Text == word)
        );

    [Fact]
    public void Cells_are_compared_in_rows_without_bos_only()
    {
        // gemma2-2b: ' red' → ' red', ' green' → ' \n', which is no token here.
        var without = Run(Arm.Without);
        var with = Run(Arm.With);

        Assert.Equal(
            (true, 1, 0d),
            (without[0].PublishedMatch, without[0].PublishedRank, without[0].PublishedGap)
        );
        Assert.False(without[1].PublishedMatch);
        Assert.Null(without[1].PublishedRank);
        Assert.Equal(" \n", Text(without[1].PublishedTop1!));
        Assert.Null(without[2].PublishedTop1);
        Assert.All(with, row => Assert.Null(row.PublishedTop1));
    }

    [Fact]
    public void A_near_miss_has_a_rank_and_a_gap()
    {
        var rows = Run(Arm.Without, tokens => Top(Id(" blue"), tokens[^1]));

        Assert.Equal(
            (false, 2, 1d),
            (rows[0].PublishedMatch, rows[0].PublishedRank, rows[0].PublishedGap)
        );
    }

    // What a worker process is given is a copy of the sets, by way of JSON.
    [Fact]
    public void The_completion_is_compared_in_the_published_set_without_bos_only()
    {
        var published = PublishedPrompts.Published;
        var copy = published with { Prompts = [new("published", " red")] };
        var other = copy with { Name = "other" };
        var model = Model(_ => Top(Id(" red")));

        CompletionRow Row(PromptSet set, Arm arm)
        {
            var context = model.Context(
                ScriptedModel.Facts() with
                {
                    PublishedColumn = "qwen3-4b",
                }
            );
            return Assert.Single(context.Completions(set, arm, 0));
        }

        var row = Row(copy, Arm.Without);
        Assert.Equal((" Mary", false), (Text(row.PublishedNext!), row.PublishedMatch));
        Assert.All(
            [Row(copy, Arm.With), Row(other, Arm.Without)],
            row => Assert.Null(row.PublishedNext)
        );
    }

    private static List<EchoRow> Run(Arm arm, Func<int[], float[]>? logits = null)
    {
        var model = Model(logits ?? (tokens => Top(tokens[^1])));
        var context = model.Context(ScriptedModel.Facts() with { PublishedColumn = "gemma2-2b" });
        var set = new WordSet("words", [new(" red"), new(" green"), new(" blue")]);
        return context.Echoes(set, arm);
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
