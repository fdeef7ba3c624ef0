namespace EchoRate.Cli.Tests.Inspecting;

/// <summary><c>echorate inspect</c>: the facts, in both forms, from the header alone.</summary>
public sealed class InspectTests(DemoRun demo) : IDisposable
{
    // What scripts hold on to, in its order, written down by hand.
    private const string Fields =
        "path model name architecture constructed quant label tensor_types token_embd_type output_type tied_embeddings imatrix parameters bits_per_weight file_bytes parts layers experts context_length tokenizer pre_tokenizer vocab_size bos_id bos_piece bos_kind bos_reason declared_bos_id declared_add_bos add_bos eos_id eos_piece declared_eos_id declared_add_eos add_eos declared_add_space_prefix add_space_prefix space_prefix_forced chat_template chat_template_writes_bos warnings";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_fields_are_those_that_are_documented()
    {
        var names = Inspect(BuiltFile.Spm()).EnumerateObject().Select(field => field.Name);

        Assert.Equal(Fields.Split(' '), names);
    }

    [Fact]
    public void A_gemma_model_of_the_demo()
    {
        var file = Json(demo.Model("demo-echo-Q4_K_M"));

        Assert.Equal("gemma", file.GetProperty("architecture").GetString());
        Assert.Equal("demo-echo", file.GetProperty("model").GetString());
        Assert.True(file.GetProperty("constructed").GetBoolean());
        Assert.Equal("Q4_K_M", file.GetProperty("quant").GetString());
        Assert.Equal("Q6_K", file.GetProperty("token_embd_type").GetString());
        Assert.Equal("Q6_K", file.GetProperty("output_type").GetString());
        Assert.True(file.GetProperty("tied_embeddings").GetBoolean());
        Assert.Equal(
            ["F32", "Q4_K", "Q6_K"],
            file.GetProperty("tensor_types").EnumerateObject().Select(type => type.Name)
        );
        Assert.InRange(file.GetProperty("bits_per_weight").GetDouble(), 4.5, 6.6);
        Assert.Equal(
            new FileInfo(demo.Model("demo-echo-Q4_K_M")).Length,
            file.GetProperty("file_bytes").GetInt64()
        );
        Assert.Equal("SPM", file.GetProperty("tokenizer").GetString());
        Assert.Equal(2, file.GetProperty("bos_id").GetInt32());
        Assert.Equal("'<bos>'", file.GetProperty("bos_piece").GetString());
        Assert.Equal("native", file.GetProperty("bos_kind").GetString());
        Assert.False(file.GetProperty("add_space_prefix").GetBoolean());
        Assert.Equal(["embedding_above_label"], Warnings(file));
    }

    [Fact]
    public void A_trained_model()
    {
        var file = Json(TrainedRun.Model());

        Assert.Equal(292_800, file.GetProperty("parameters").GetInt64());
        Assert.Equal(32, file.GetProperty("bits_per_weight").GetDouble());
        Assert.Equal(5, file.GetProperty("layers").GetInt32());
        Assert.Equal(512, file.GetProperty("vocab_size").GetInt32());
        Assert.False(file.GetProperty("tied_embeddings").GetBoolean());
        Assert.False(file.GetProperty("constructed").GetBoolean());
        Assert.True(file.GetProperty("add_space_prefix").GetBoolean());
        Assert.Equal(JsonValueKind.Null, file.GetProperty("declared_add_space_prefix").ValueKind);
    }

    [Fact]
    public void People_read_lines()
    {
        var outcome = Echorate.Run(_folder.Path, "inspect", demo.Model("demo-echo-Q4_K_M"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(demo.Model("demo-echo-Q4_K_M"), outcome.OutLines[0]);
        string[] expected =
        [
            "  architecture      gemma",
            "  constructed       yes, not trained",
            "  quantization      Q4_K_M",
            "  token_embd        Q6_K",
            "  output            Q6_K, tied: token_embd is the output head too",
            "  BOS               2 '<bos>'",
            "  BOS kind          native: the tokenizer adds it, as the file says (add_bos_token = true)",
            "  add space prefix  no, as the file says (add_space_prefix = false)",
            "  chat template     none",
            "Warnings",
        ];
        Assert.Equal(expected, expected.Intersect(outcome.OutLines));
    }

    // What BOS is, and who says so.
    [Theory]
    [InlineData("spm", null, "native", "by the tokenizer's default")]
    [InlineData("spm", false, "declared", "as the file says (add_bos_token = false)")]
    [InlineData("qwen2", null, "declared", "by the default of pre-tokenizer qwen2")]
    [InlineData("gemma4", false, "native", "although the file says add_bos_token = false")]
    public void Bos_is_explained(string tokenizer, bool? addBos, string kind, string reason)
    {
        var writer = tokenizer == "spm" ? BuiltFile.Spm() : BuiltFile.Bpe(tokenizer);
        if (addBos is { } value)
        {
            writer.With("tokenizer.ggml.add_bos_token", value);
        }

        var file = Inspect(writer);

        Assert.Equal(kind, file.GetProperty("bos_kind").GetString());
        Assert.Equal(1, file.GetProperty("bos_id").GetInt32());
        Assert.Equal(kind == "native", file.GetProperty("add_bos").GetBoolean());
        Assert.Contains(
            reason,
            file.GetProperty("bos_reason").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Text_from_a_file_does_not_reach_the_terminal_as_control_characters()
    {
        var path = BuiltFile.Spm().Add("general.name", GgufValue.Text("a\e[2Jb\nc")).In(_folder);

        var outcome = Echorate.Run(_folder.Path, "inspect", path);

        Assert.Contains(@"  name              'a\x1b[2Jb\nc'", outcome.OutLines);
        Assert.DoesNotContain('\e', outcome.Out);
    }

    [Fact]
    public void Neither_llama_cpp_nor_the_weights_are_touched()
    {
        var path = BuiltFile.Spm().WithHole(_folder, 20L << 30);
        var clock = Stopwatch.StartNew();

        var outcome = Echorate.Run(
            _folder.Path,
            new Dictionary<string, string?>
            {
                ["ECHORATE_LLAMASHARP_NATIVE"] = _folder.At("nowhere"),
            },
            "inspect",
            path
        );

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        // It takes a fifth of a second; a busy machine must not fail it.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void A_damaged_file_is_one_line()
    {
        var path = BuiltFile.Spm().In(_folder, "bad.gguf");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..10]);
        foreach (
            var arguments in (string[][])
                [
                    ["inspect", path],
                    ["inspect", path, "--json"],
                ]
        )
        {
            var outcome = Echorate.Run(_folder.Path, arguments);

            Assert.Equal((3, ""), (outcome.ExitCode, outcome.Out));
            var line = Assert.Single(outcome.ErrorLines);
            Assert.StartsWith($"echorate: {path}: ", line, StringComparison.Ordinal);
            Assert.Contains("inside its header", line, StringComparison.Ordinal);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private JsonElement Inspect(GgufWriter writer) => Json(writer.In(_folder));

    private JsonElement Json(string path)
    {
        var outcome = Echorate.Run(_folder.Path, "inspect", path, "--json");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return JsonDocument.Parse(outcome.Out).RootElement;
    }

    private static IEnumerable<string?> Warnings(JsonElement file) =>
        file.GetProperty("warnings")
            .EnumerateArray()
            .Select(warning => warning.GetProperty("code").GetString());
}
