namespace EchoRate.Cli.Tests.Inspecting;

/// <summary>Every warning of <c>inspect</c>, on a file built for it, and what the file's BOS becomes.</summary>
public sealed class WarningTests : IDisposable
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

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Table.Select(row => row.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_file_has_the_warnings_that_it_was_built_for(string name)
    {
        var (_, file, codes, says) = Table.Single(row => row.Name == name);
        var path = file().In(_folder);

        var inspected = Inspect(path);

        var warnings = inspected.GetProperty("warnings").EnumerateArray().ToList();
        Assert.Equal(codes, string.Join(' ', warnings.Select(warning => Text(warning, "code"))));
        Assert.Contains(
            says,
            string.Join('\n', warnings.Select(warning => Text(warning, "message"))),
            StringComparison.Ordinal
        );
        Assert.Equal(
            codes.Contains("no_space_prefix_key", StringComparison.Ordinal),
            inspected.GetProperty("space_prefix_forced").GetBoolean()
        );
    }

    [Fact]
    public void A_bos_that_is_not_there_has_no_id_and_a_reason()
    {
        var absent = Inspect(BuiltFile.Spm().Without(Bos).In(_folder));
        var outside = Inspect(BuiltFile.Spm().With(Bos, 261).In(_folder));

        foreach (var file in (JsonElement[])[absent, outside])
        {
            Assert.Equal("none", Text(file, "bos_kind"));
            Assert.Equal(JsonValueKind.Null, file.GetProperty("bos_id").ValueKind);
            Assert.Equal(JsonValueKind.Null, file.GetProperty("bos_piece").ValueKind);
        }
        Assert.Equal(JsonValueKind.Null, absent.GetProperty("declared_bos_id").ValueKind);
        Assert.Equal("the key tokenizer.ggml.bos_token_id is absent", Text(absent, "bos_reason"));
        Assert.Equal(261, outside.GetProperty("declared_bos_id").GetInt64());
        Assert.Equal(
            "tokenizer.ggml.bos_token_id is 261, out of range: the vocabulary ends at 260",
            Text(outside, "bos_reason")
        );
    }

    [Fact]
    public void People_read_them_under_a_heading_of_their_own()
    {
        var path = BuiltFile.Spm("gemma").Without(Bos).In(_folder);

        var lines = Echorate.Run(_folder.Path, "inspect", path).OutLines;

        var heading = Array.IndexOf(lines, "Warnings");
        Assert.Equal(2, lines.Length - heading - 1);
        Assert.Contains(
            "  add space prefix  no, forced by EchoRate: the file does not say, and llama.cpp would add one",
            lines
        );
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();

    private JsonElement Inspect(string path)
    {
        var outcome = Echorate.Run(_folder.Path, "inspect", path, "--json");
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return JsonDocument.Parse(outcome.Out).RootElement;
    }

    private static string? Text(JsonElement element, string field) =>
        element.GetProperty(field).GetString();
}
