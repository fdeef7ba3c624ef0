namespace EchoRate.Cli.Tests.Inspecting;

/// <summary>Every warning of <c>inspect</c>, on a file built for it, and what the file's BOS becomes.</summary>
public sealed class WarningTests : ProgramTests
{
    private const string Bos = "tokenizer.ggml.bos_token_id";
    private const string Eos = "tokenizer.ggml.eos_token_id";

    // Name, file, codes expected, and words that the messages must hold.
    private static readonly (
        string Name,
        Func<GgufWriter> File,
        string Codes,
        string Says
    )[] Table =
    [
        ("sound", () => BuiltFile.Spm(), "", ""),
        (
            "Gemma of early 2024",
            () => BuiltFile.Spm("gemma"),
            "no_space_prefix_key",
            "EchoRate forces it to false"
        ),
        (
            "BOS out of range",
            () => BuiltFile.Spm().With(Bos, 261),
            "bos_out_of_range",
            "is 261; the vocabulary ends at 260"
        ),
        (
            "EOS out of range",
            () => BuiltFile.Spm().With(Eos, 999),
            "eos_out_of_range",
            "is 999; the vocabulary ends at 260"
        ),
        (
            "embedding above a codebook's label",
            () => BuiltFile.Spm("llama", GgufTensorType.IQ3_S, fileType: 29),
            "embedding_above_label",
            "IQ2_M says (IQ2_S, 2.56)"
        ),
        (
            "embedding below the label",
            () => BuiltFile.Spm("llama", GgufTensorType.Q3_K, fileType: 15),
            "",
            ""
        ),
        ("no pre-tokenizer", () => BuiltFile.Bpe(null), "no_pre_tokenizer", "'default'"),
        (
            "more scores than tokens",
            () =>
                BuiltFile
                    .Spm()
                    .Set("tokenizer.ggml.scores", GgufValue.NumberArray<float>(new float[262])),
            "score_count",
            "262 entries for 261 tokens"
        ),
        ("a vocabulary alone", () => BuiltFile.Vocabulary(), "no_tensors", "not run"),
        (
            "several",
            () => BuiltFile.Spm("gemma", GgufTensorType.Q6_K, fileType: 10).Without(Bos),
            "no_space_prefix_key bos_key_absent embedding_above_label",
            "the label Q2_K says"
        ),
    ];

    public static TheoryData<string> Names => [.. Table.Select(row => row.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_file_has_the_warnings_that_it_was_built_for(string name)
    {
        var (_, file, codes, says) = Table.Single(row => row.Name == name);

        var inspected = Here("inspect --json", file().In(Folder)).Json;

        Assert.Equal(codes, string.Join(' ', inspected.Each("warnings", "code")));
        Assert.Contains(says, string.Join('\n', inspected.Each("warnings", "message")));
        Assert.Equal(
            codes.Contains("no_space_prefix_key"),
            inspected.Text("space_prefix_forced") == "True"
        );
    }

    [Theory]
    [InlineData(null, "the key tokenizer.ggml.bos_token_id is absent")]
    [InlineData(
        261u,
        "tokenizer.ggml.bos_token_id is 261, out of range: the vocabulary ends at 260"
    )]
    public void A_bos_that_is_not_there_has_no_id_and_a_reason(uint? bos, string reason)
    {
        var file = bos is { } id ? BuiltFile.Spm().With(Bos, id) : BuiltFile.Spm().Without(Bos);

        var inspected = Here("inspect --json", file.In(Folder)).Json;

        Assert.Equal(
            ("none", "", "", $"{bos}", reason),
            (
                inspected.Text("bos_kind"),
                inspected.Text("bos_id"),
                inspected.Text("bos_piece"),
                inspected.Text("declared_bos_id"),
                inspected.Text("bos_reason")
            )
        );
    }

    [Fact]
    public void People_read_them_under_a_heading_of_their_own()
    {
        BuiltFile.Spm("gemma").Without(Bos).In(Folder);

        var lines = Here("inspect m.gguf").OutLines;

        Assert.Equal("Warnings", lines[^3]);
        Assert.Contains(
            "  add space prefix  no, forced by EchoRate: the file does not say, and llama.cpp would add one",
            lines
        );
    }
}
