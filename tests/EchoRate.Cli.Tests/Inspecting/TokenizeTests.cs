namespace EchoRate.Cli.Tests.Inspecting;

/// <summary><c>echorate tokenize</c>: what every arm feeds, and that nothing but the vocabulary is loaded.</summary>
public sealed class TokenizeTests(DemoRun demo) : IDisposable
{
    private const string AddSpacePrefix = "tokenizer.ggml.add_space_prefix";
    private const string Bos = "tokenizer.ggml.bos_token_id";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_fields_are_those_that_are_documented()
    {
        var json = Json(Gemma, " John");

        Assert.Equal(
            "path text ids pieces hex arms bos_kind item_id item_reason notes".Split(' '),
            json.EnumerateObject().Select(field => field.Name)
        );
        Assert.All(
            json.GetProperty("arms").EnumerateArray(),
            arm =>
                Assert.Equal(
                    "arm prefix_id prefix_piece input_ids reason".Split(' '),
                    arm.EnumerateObject().Select(field => field.Name)
                )
        );
    }

    [Theory]
    [InlineData("demo-echo-F16", "'<bos>'", "native")]
    [InlineData("demo-plain-F16", "'<|endoftext|>'", "declared")]
    public void A_word_is_one_token_and_bos_goes_in_front_by_its_id(
        string model,
        string bos,
        string kind
    )
    {
        var json = Json(demo.Model(model), " John");

        var id = Assert.Single(Ids(json, "ids"));
        Assert.Equal("' John'", Assert.Single(Texts(json, "pieces")));
        Assert.Equal("0x204a6f686e", Assert.Single(Texts(json, "hex")));
        Assert.Equal(kind, json.GetProperty("bos_kind").GetString());
        Assert.Equal(id, json.GetProperty("item_id").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("item_reason").ValueKind);
        Assert.Empty(Notes(json));
        var (without, with) = Arms(json);
        Assert.Equal([id], Ids(without, "input_ids"));
        Assert.Equal(JsonValueKind.Null, without.GetProperty("prefix_id").ValueKind);
        Assert.Equal(bos, with.GetProperty("prefix_piece").GetString());
        Assert.Equal([with.GetProperty("prefix_id").GetInt32(), id], Ids(with, "input_ids"));
    }

    [Fact]
    public void The_rows_of_a_run_were_fed_the_same_ids()
    {
        var row = demo.Run.Echo.Rows.First(row =>
            row["model"] == "demo-echo" && row["arm"] == "with" && row["item"] == " Emma"
        );

        var (_, with) = Arms(Json(Gemma, " Emma"));

        Assert.Equal(row.Ids("input_ids"), Ids(with, "input_ids"));
    }

    // llama.cpp reads user-defined tokens in any text, even where it is told to read no special ones.
    [Fact]
    public void Bos_that_the_file_marks_as_user_defined_is_read_in_a_text_and_told()
    {
        var path = _folder.At("user-defined.gguf");
        MiniatureTraps.GemmaWithUserDefinedBos.Write(path);

        var json = Json(path, "<bos>When John");

        Assert.Equal(["bos_in_text"], Notes(json));
        var (without, with) = Arms(json);
        Assert.Equal(2, Ids(without, "input_ids")[0]);
        Assert.Equal([2, 2], Ids(with, "input_ids")[..2]);
        Assert.Empty(Notes(Json(path, "When John")));
    }

    [Fact]
    public void A_file_without_bos_has_no_arm_with()
    {
        var path = Changed(writer => writer.Without(Bos));

        var (_, with) = Arms(Json(path, " John"));

        Assert.Equal(JsonValueKind.Null, with.GetProperty("input_ids").ValueKind);
        Assert.Contains(
            "declares no BOS",
            with.GetProperty("reason").GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            Echorate.Run(_folder.Path, "tokenize", path, " John").OutLines,
            line => line.StartsWith("with        no BOS: ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_space_that_the_file_has_put_in_front_is_told()
    {
        var path = Changed(writer => writer.With(AddSpacePrefix, true));

        var bare = Json(path, "John");
        var spaced = Json(path, " John");

        Assert.Equal(["space_prefix_added"], Notes(bare));
        Assert.Equal("' John'", Assert.Single(Texts(bare, "pieces")));
        // As a prompt it gets a second space, as an item its own is left out.
        Assert.Equal("  John", Joined(spaced));
        Assert.Equal(Ids(bare, "ids")[0], spaced.GetProperty("item_id").GetInt32());
    }

    [Fact]
    public void A_vocabulary_alone_will_do()
    {
        var model = GgufFile.Read(demo.Model("demo-plain-F16"));
        var writer = new GgufWriter();
        foreach (var (key, value) in model.Metadata.Entries)
        {
            writer.Add(key, value);
        }
        var path = writer.In(_folder);

        var json = Json(path, " John");

        Assert.Equal(["no_tensors"], Notes(json));
        Assert.Equal(Ids(Json(demo.Model("demo-plain-F16"), " John"), "ids"), Ids(json, "ids"));
    }

    [Theory]
    [InlineData("--json")]
    [InlineData(" é 漢字 😀 \n")]
    public void Any_text_can_be_given(string text)
    {
        var outcome = Echorate.Run(_folder.Path, "tokenize", "--json", Gemma, "--", text);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(
            text,
            JsonDocument.Parse(outcome.Out).RootElement.GetProperty("text").GetString()
        );
    }

    [Fact]
    public void A_dash_reads_stdin_as_it_is()
    {
        var outcome = PipedProgram.Run(
            Encoding.UTF8.GetBytes(" John\n\uFFFD"),
            "tokenize",
            Gemma,
            "-",
            "--json"
        );

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(" John\n\uFFFD", Joined(JsonDocument.Parse(outcome.Out).RootElement));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_one_line()
    {
        var outcome = PipedProgram.Run([0x20, 0x4a, 0xff], "tokenize", Gemma, "-");

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal(
            "echorate: TEXT: stdin is not valid UTF-8 at byte 2, counted from 0",
            Assert.Single(outcome.ErrorLines)
        );
        // What a command line with such bytes becomes.
        outcome = Echorate.Run(_folder.Path, "tokenize", Gemma, "a\uFFFD");
        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("U+FFFD", Assert.Single(outcome.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void People_read_a_table_and_the_arms()
    {
        var outcome = Echorate.Run(_folder.Path, "tokenize", Gemma, " John|");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var ids = Ids(Json(Gemma, " John|"), "ids");
        var bar = @"| '\x7c'  | 0x7c         |";
        Assert.Equal("| Token |  Id | Piece   | Bytes        |", outcome.OutLines[0]);
        Assert.EndsWith(
            "| ' John' | 0x204a6f686e |",
            outcome.OutLines[2],
            StringComparison.Ordinal
        );
        Assert.EndsWith(bar, outcome.OutLines[3], StringComparison.Ordinal);
        Assert.Equal(
            [
                "",
                $"without     [{ids[0]} {ids[1]}]",
                $"with        [2 {ids[0]} {ids[1]}]",
                $"as an item  not measured: 2 tokens: [{ids[0]} {ids[1]}]",
            ],
            outcome.OutLines[4..]
        );
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private string Gemma => demo.Model("demo-echo-F16");

    private string Changed(Action<GgufWriter> change)
    {
        var writer = GgufWriter.CopyOf(GgufFile.Read(Gemma));
        change(writer);
        return writer.In(_folder);
    }

    // stderr is empty: llama.cpp says nothing on the console.
    private JsonElement Json(string path, string text)
    {
        var outcome = Echorate.Run(_folder.Path, "tokenize", path, text, "--json");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return JsonDocument.Parse(outcome.Out).RootElement;
    }

    private static (JsonElement Without, JsonElement With) Arms(JsonElement json)
    {
        var arms = json.GetProperty("arms").EnumerateArray().ToArray();
        Assert.Equal(["without", "with"], arms.Select(arm => arm.GetProperty("arm").GetString()));
        return (arms[0], arms[1]);
    }

    private static int[] Ids(JsonElement json, string field) =>
        [.. json.GetProperty(field).EnumerateArray().Select(id => id.GetInt32())];

    private static IEnumerable<string?> Texts(JsonElement json, string field) =>
        json.GetProperty(field).EnumerateArray().Select(text => text.GetString());

    private static IEnumerable<string?> Notes(JsonElement json) =>
        json.GetProperty("notes")
            .EnumerateArray()
            .Select(note => note.GetProperty("code").GetString());

    private static string Joined(JsonElement json) =>
        Encoding.UTF8.GetString([
            .. Texts(json, "hex").SelectMany(hex => Convert.FromHexString(hex![2..])),
        ]);
}
