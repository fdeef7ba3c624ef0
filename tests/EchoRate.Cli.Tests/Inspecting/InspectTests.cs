namespace EchoRate.Cli.Tests.Inspecting;

/// <summary><c>echorate inspect</c>: the facts, in both forms, from the header alone; and <c>--check</c>, the checker alone.</summary>
public sealed class InspectTests(DemoRun demo) : ProgramTests
{
    // What scripts hold on to, in its order, written down by hand.
    private const string Fields =
        "path model name architecture constructed quant label tensor_types token_embd_type output_type tied_embeddings imatrix parameters bits_per_weight file_bytes parts layers experts context_length tokenizer pre_tokenizer vocab_size bos_id bos_piece bos_kind bos_reason declared_bos_id declared_add_bos add_bos eos_id eos_piece declared_eos_id declared_add_eos add_eos declared_add_space_prefix add_space_prefix space_prefix_forced chat_template chat_template_writes_bos warnings";

    [Fact]
    public void A_gemma_model_of_the_demo()
    {
        var path = demo.Model("demo-echo-Q4_K_M");

        var file = Here("inspect --json", path).Json;
        var lines = Here("inspect", path).OutLines;

        Assert.Equal(Fields, file.Names());
        Has(
            file,
            $"""
            architecture gemma
            model demo-echo
            constructed True
            quant Q4_K_M
            token_embd_type Q6_K
            output_type Q6_K
            tied_embeddings True
            file_bytes {new FileInfo(path).Length}
            tokenizer SPM
            bos_id 2
            bos_piece '<bos>'
            bos_kind native
            add_space_prefix False
            """
        );
        Assert.Equal("F32 Q4_K Q6_K", file.At("tensor_types").Names());
        Assert.InRange(file.Number("bits_per_weight"), 4.5, 6.6);
        Assert.Equal(["embedding_above_label"], file.Each("warnings", "code"));
        string[] expected =
        [
            path,
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
        Assert.Equal(expected, expected.Intersect(lines));
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

        var file = Here("inspect --json", writer.In(Folder)).Json;

        Has(
            file,
            $"bos_kind {kind}\nbos_id 1\nadd_bos {kind == "native"}\ndeclared_add_space_prefix \nadd_space_prefix {tokenizer == "spm"}"
        );
        Assert.Contains(reason, file.Text("bos_reason"));
    }

    [Fact]
    public void Neither_llama_cpp_nor_the_weights_are_touched()
    {
        var path = BuiltFile.Spm().WithHole(Folder, 20L << 30);
        Variables["ECHORATE_LLAMASHARP_NATIVE"] = Folder.At("nowhere");
        var clock = Stopwatch.StartNew();

        var outcome = Run("inspect", path);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        // It takes a fifth of a second; a busy machine must not fail it.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void Checked_a_sound_file_is_code_0_and_its_warnings_are_told()
    {
        var path = BuiltFile.Spm("gemma").In(Folder);

        var outcome = Here("inspect --check", path);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.StartsWith("warning NoSpacePrefixKey: ", outcome.OutLines[0]);
        Assert.Equal($"sound: {path}", outcome.OutLines[^1]);
    }

    [Fact]
    public void Checked_all_problems_come_at_once_with_code_3()
    {
        var path = BuiltFile
            .Spm()
            .With("llama.block_count", 0)
            .Set("llama.rope.scaling.type", GgufValue.Text("\e[31m"))
            .With("tokenizer.ggml.bos_token_id", 9999)
            .In(Folder);

        var outcome = Here("inspect --check --json", path);

        Assert.Equal(
            (3, $"echorate: {path}: 2 errors; a run would refuse the file\n"),
            (outcome.ExitCode, outcome.Error)
        );
        var check = JsonDocument.Parse(outcome.Out).RootElement;
        Assert.Equal("False", check.Text("ok"));
        Assert.Equal(
            ["error NoLayers", "error UnknownRopeScaling", "warning BosOutOfRange"],
            check.Each("problems").Select(one => $"{one.Text("severity")} {one.Text("code")}")
        );
        // What a file says does not move the terminal's cursor.
        Assert.DoesNotContain('\e', Run("inspect --check", path).Out);
    }

    // Fields and values, a line each.
    private static void Has(JsonElement file, string lines) =>
        Assert.All(
            lines.ReplaceLineEndings("\n").Split('\n'),
            line => Assert.Equal(line, $"{line.Split(' ')[0]} {file.Text(line.Split(' ')[0])}")
        );
}
