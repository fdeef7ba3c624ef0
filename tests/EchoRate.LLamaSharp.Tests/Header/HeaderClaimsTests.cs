namespace EchoRate.LLamaSharp.Tests.Header;

/// <summary>What a header is read to say about BOS and spaces, against what llama.cpp does with the same file.</summary>
public sealed class HeaderClaimsTests : IDisposable
{
    private const string AddBos = "tokenizer.ggml.add_bos_token";
    private const string AddSpacePrefix = "tokenizer.ggml.add_space_prefix";
    private const string Pre = "tokenizer.ggml.pre";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void A_whole_file_is_read_as_llama_cpp_reads_it(string model)
    {
        using var file = OpenFile.Open(TestModels.PathOf(model));

        Assert.Equal(file.Tokenizer.AddsBos, file.Session.Report.AddsBos);
        Assert.Equal(file.Context.Facts.VocabularySize, file.Vocabulary.Size);
        Agree(TestModels.PathOf(model));
        // " John" is tokenized once: what goes in is the word, whatever the tokenizer puts in front.
        Assert.Equal(
            file.Tokenizer.AddsSpacePrefix,
            file.Vocabulary.Piece(file.Vocabulary.Tokenize("John"u8)[0]).Span[0] == (byte)' '
        );
    }

    [Theory]
    [InlineData("demo-echo", null, null)]
    [InlineData("demo-echo", true, false)]
    [InlineData("demo-echo", false, true)]
    [InlineData("demo-echo", null, true)]
    [InlineData("demo-echo", false, null)]
    [InlineData("demo-plain", null, null)]
    [InlineData("demo-plain", true, false)]
    [InlineData("demo-plain", false, true)]
    public void Keys_that_say_yes_no_or_nothing_are_taken_as_llama_cpp_takes_them(
        string model,
        bool? addBos,
        bool? addSpacePrefix
    )
    {
        var metadata = Agree(
            Copy(
                model,
                writer =>
                {
                    Put(writer, AddBos, addBos);
                    Put(writer, AddSpacePrefix, addSpacePrefix);
                }
            )
        );

        Assert.Equal(addBos, metadata.Bool(AddBos));
        Assert.Equal(addSpacePrefix, metadata.Bool(AddSpacePrefix));
    }

    [Theory]
    [InlineData("llama-bpe", null)]
    [InlineData("llama-bpe", false)]
    [InlineData("tekken", null)]
    [InlineData("gpt-2", null)]
    [InlineData("gpt-2", true)]
    [InlineData("gpt-4o", null)]
    [InlineData("deepseek-llm", null)]
    public void A_pre_tokenizer_s_own_habit_counts_where_the_key_is_silent(
        string preTokenizer,
        bool? addBos
    )
    {
        Agree(
            Copy(
                "demo-plain",
                writer =>
                {
                    writer.Set(Pre, GgufValue.Text(preTokenizer));
                    Put(writer, AddBos, addBos);
                }
            )
        );
    }

    [Theory]
    [InlineData("demo-echo")]
    [InlineData("demo-plain")]
    public void Words_are_found_where_the_file_asks_for_a_space_in_front(string model)
    {
        var path = Copy(model, writer => Put(writer, AddSpacePrefix, true));
        using var file = OpenFile.Open(path);
        using var usual = OpenFile.Open(TestModels.PathOf(model + " F16"));

        var rows = file.Context.Words();

        Assert.Equal(
            usual.Context.Words().Select(row => (row.Status, row.Token, row.EchoMargin)),
            rows.Select(row => (row.Status, row.Token, row.EchoMargin))
        );
    }

    private static GgufMetadata Agree(string path)
    {
        var metadata = GgufFile.Read(path).Metadata;
        var tokenizer = GgufTokenizer.Of(metadata);
        using var native = new NativeVocabulary(path);

        Assert.Equal(native.Size, metadata.Texts(GgufKeys.Tokens)!.Count);
        Assert.Equal(native.AddsBos, tokenizer.AddsBos);
        Assert.Equal(native.AddsSpace, tokenizer.AddsSpacePrefix);
        Assert.Equal(native.Bos, metadata.TokenId(GgufKeys.Bos));
        return metadata;
    }

    private string Copy(string model, Action<GgufWriter> change)
    {
        var writer = GgufCopy.Of(GgufFile.Read(TestModels.PathOf(model + " F16")));
        change(writer);
        var path = _folder.At($"{model}-F16.gguf");
        writer.Write(path);
        return path;
    }

    private static void Put(GgufWriter writer, string key, bool? value)
    {
        if (value is { } known)
        {
            writer.Set(key, GgufValue.Bool(known));
        }
        else
        {
            writer.Remove(key);
        }
    }
}
