namespace EchoRate.Cli.Tests.Inspecting;

/// <summary><c>echorate tokenize</c>: what every arm feeds, and that nothing but the vocabulary is loaded.</summary>
public sealed class TokenizeTests(DemoRun demo) : ProgramTests
{
    private string Gemma => demo.Model("demo-echo-F16");

    [Theory]
    [InlineData("demo-echo-F16", "'<bos>'", "native")]
    [InlineData("demo-plain-F16", "'<|endoftext|>'", "declared")]
    public void A_word_is_one_token_and_bos_goes_in_front_by_its_id_as_in_a_run(
        string model,
        string bos,
        string kind
    )
    {
        var json = Json(demo.Model(model), " John");

        Assert.Equal(
            "path text ids pieces hex arms bos_kind item_id item_reason notes",
            json.Names()
        );
        Assert.Equal(
            ["arm prefix_id prefix_piece input_ids reason"],
            json.Each("arms").Select(arm => arm.Names()).Distinct()
        );
        var id = Texts(json, "ids");
        Assert.Equal(
            ("' John'", "0x204a6f686e", kind, id, "", ""),
            (
                Texts(json, "pieces"),
                Texts(json, "hex"),
                json.Text("bos_kind"),
                json.Text("item_id"),
                json.Text("item_reason"),
                Notes(json)
            )
        );
        var (without, with) = Arms(json);
        Assert.Equal((id, ""), (Texts(without, "input_ids"), without.Text("prefix_id")));
        Assert.Equal(bos, with.Text("prefix_piece"));
        var row = demo.Run.Echo.Rows.First(row =>
            model.StartsWith(row["model"]) && row["arm"] == "with" && row["item"] == " John"
        );
        Assert.Equal($"[{with.Text("prefix_id")} {id}]", row["input_ids"]);
        Assert.Equal($"[{Texts(with, "input_ids")}]", row["input_ids"]);
    }

    // llama.cpp reads user-defined tokens in any text, even where it is told to read no special ones.
    [Fact]
    public void Bos_that_the_file_marks_as_user_defined_is_read_in_a_text_and_told()
    {
        var path = Folder.At("user-defined.gguf");
        MiniatureTraps.GemmaWithUserDefinedBos.Write(path);

        var json = Json(path, "<bos>When John");

        Assert.Equal("bos_in_text", Notes(json));
        var (without, with) = Arms(json);
        Assert.StartsWith("2 ", Texts(without, "input_ids"));
        Assert.StartsWith("2 2 ", Texts(with, "input_ids"));
        Assert.Equal("", Notes(Json(path, "When John")));
    }

    [Fact]
    public void A_file_without_bos_has_no_arm_with()
    {
        Bend(Gemma, "m.gguf", writer => writer.Without("tokenizer.ggml.bos_token_id"));

        var (_, with) = Arms(Json("m.gguf", " John"));

        Assert.Equal("", with.Text("input_ids"));
        Assert.Contains("declares no BOS", with.Text("reason"));
        Assert.Contains(
            Run("tokenize m.gguf", " John").OutLines,
            line => line.StartsWith("with        no BOS: ")
        );
    }

    [Fact]
    public void A_space_that_the_file_has_put_in_front_is_told()
    {
        Bend(Gemma, "m.gguf", writer => writer.With("tokenizer.ggml.add_space_prefix", true));

        var bare = Json("m.gguf", "John");
        var spaced = Json("m.gguf", " John");

        Assert.Equal(("space_prefix_added", "' John'"), (Notes(bare), Texts(bare, "pieces")));
        // As a prompt it gets a second space, as an item its own is left out.
        Assert.Equal("  John", Joined(spaced));
        Assert.Equal(Texts(bare, "ids"), spaced.Text("item_id"));
    }

    [Fact]
    public void A_vocabulary_alone_will_do()
    {
        var writer = new GgufWriter();
        foreach (var (key, value) in GgufFile.Read(Gemma).Metadata.Entries)
        {
            writer.Add(key, value);
        }

        var json = Json(writer.In(Folder), " John");

        Assert.Equal(
            ("no_tensors", Texts(Json(Gemma, " John"), "ids")),
            (Notes(json), Texts(json, "ids"))
        );
    }

    [Theory]
    [InlineData("--json")]
    [InlineData(" é 漢字 😀 \n")]
    public void Any_text_can_be_given(string text) =>
        Assert.Equal(text, Run("tokenize --json", Gemma, "--", text).Json.Text("text"));

    [Fact]
    public void A_dash_reads_stdin_as_it_is()
    {
        var outcome = Echorate.Piped(
            Folder.Path,
            Encoding.UTF8.GetBytes(" John\n\uFFFD"),
            $"tokenize {Gemma} - --json"
        );

        Assert.Equal(" John\n\uFFFD", Joined(outcome.Json));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_one_line()
    {
        var outcome = Echorate.Piped(Folder.Path, [0x20, 0x4a, 0xff], $"tokenize {Gemma} -");

        Assert.Equal(
            (2, "", "echorate: TEXT: stdin is not valid UTF-8 at byte 2, counted from 0\n"),
            (outcome.ExitCode, outcome.Out, outcome.Error)
        );
        // What a command line with such bytes becomes.
        outcome = Run("tokenize", Gemma, "a\uFFFD");
        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains("U+FFFD", Assert.Single(outcome.ErrorLines));
    }

    [Fact]
    public void People_read_a_table_and_the_arms()
    {
        var lines = Run("tokenize", Gemma, " John|").OutLines;

        var ids = Texts(Json(Gemma, " John|"), "ids");
        Assert.Equal("| Token |  Id | Piece   | Bytes        |", lines[0]);
        Assert.EndsWith("| ' John' | 0x204a6f686e |", lines[2]);
        Assert.EndsWith(@"| '\x7c'  | 0x7c         |", lines[3]);
        Assert.Equal(
            [
                "",
                $"without     [{ids}]",
                $"with        [2 {ids}]",
                $"as an item  not measured: 2 tokens: [{ids}]",
            ],
            lines[4..]
        );
    }

    // stderr is empty: llama.cpp says nothing on the console.
    private JsonElement Json(string path, string text) => Run("tokenize --json", path, text).Json;

    private static (JsonElement Without, JsonElement With) Arms(JsonElement json)
    {
        Assert.Equal(["without", "with"], json.Each("arms", "arm"));
        return (json.At("arms")[0], json.At("arms")[1]);
    }

    private static string Texts(JsonElement json, string field) =>
        string.Join(' ', json.Each(field));

    private static string Notes(JsonElement json) => string.Join(' ', json.Each("notes", "code"));

    private static string Joined(JsonElement json) =>
        Encoding.UTF8.GetString([
            .. json.Each("hex").SelectMany(hex => Convert.FromHexString(hex.ToString()[2..])),
        ]);
}
