using EchoRate.Core.Engine;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.LLamaSharp.Tests.Quantizing;

public sealed class QuantizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Q8_0", 0.5)]
    [InlineData("q4_0", 5)]
    public void A_quantized_model_is_smaller_loads_and_predicts_nearly_the_same(
        string type,
        double within
    )
    {
        var source = TestModels.PathOf("stories260K");
        var lines = new List<string>();

        Quantize(source, "out.gguf", type, lines.Add);

        Assert.True(
            new FileInfo(_folder.File("out.gguf")).Length < new FileInfo(source).Length / 2
        );
        Assert.Contains(
            lines,
            line => line.Contains("token_embd.weight", StringComparison.Ordinal)
        );
        Assert.Equal(["out.gguf"], FilesLeft());
        Assert.InRange(LargestDifference(source, _folder.File("out.gguf")), 1e-6, within);
    }

    [Theory]
    [InlineData("Q2_K")]
    [InlineData("IQ2_XXS")]
    [InlineData("Q4_K_M")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Types_whose_rows_do_not_fit_fall_back_and_load(string type)
    {
        var source = TestModels.PathOf("stories260K");

        Quantize(source, "out.gguf", type);

        Assert.True(LargestDifference(source, _folder.File("out.gguf")) > 0);
    }

    [Fact]
    public void The_embedding_can_keep_a_type_of_its_own()
    {
        var source = TestModels.PathOf("stories260K");

        Quantize(source, "plain.gguf", "Q4_0");
        Run(
            Request(source, "kept.gguf", "Q4_0") with
            {
                TokenEmbeddingType = "f32",
                OutputType = "F32",
            }
        );

        Assert.True(
            new FileInfo(_folder.File("kept.gguf")).Length
                > new FileInfo(_folder.File("plain.gguf")).Length
        );
    }

    [Fact]
    public void Quantizing_again_needs_to_be_allowed()
    {
        Quantize(TestModels.PathOf("stories260K"), "q8.gguf", "Q8_0");

        var exception = Assert.Throws<EngineException>(() =>
            Quantize(_folder.File("q8.gguf"), "q4.gguf", "Q4_0")
        );
        Assert.Contains("requantizing", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(["q8.gguf"], FilesLeft());

        Run(Request(_folder.File("q8.gguf"), "q4.gguf", "Q4_0") with { AllowRequantize = true });
        Assert.True(File.Exists(_folder.File("q4.gguf")));
    }

    [Fact]
    public void What_stood_there_stays_when_quantizing_fails()
    {
        TestLibrary.Load();
        File.WriteAllText(_folder.File("garbage.gguf"), "this is not a model file at all");
        File.WriteAllText(_folder.File("out.gguf"), "precious");

        Assert.Throws<GgufException>(() =>
            Quantize(_folder.File("garbage.gguf"), "out.gguf", "Q8_0")
        );
        Assert.Throws<EngineException>(() =>
            Quantize(_folder.File("missing.gguf"), "out.gguf", "Q8_0")
        );

        Assert.Equal("precious", File.ReadAllText(_folder.File("out.gguf")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_an_error_of_one_line()
    {
        var exception = Assert.Throws<EngineException>(() =>
            Quantize(TestModels.PathOf("stories260K"), "no-such-folder/out.gguf", "Q8_0")
        );

        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void Unknown_names_and_a_file_onto_itself_are_refused()
    {
        var source = TestModels.PathOf("stories260K");

        Assert.Contains(
            "Q4_K_M",
            Assert.Throws<ArgumentException>(() => Quantize(source, "out.gguf", "Q9")).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() =>
            Run(Request(source, "out.gguf", "Q8_0") with { OutputType = "IQ1_S" })
        );
        Assert.Throws<ArgumentException>(() =>
            Run(Request(source, "out.gguf", "Q8_0") with { Destination = source })
        );
    }

    private static Quantizer Quantizer() => new(TestLibrary.Load());

    private static void Run(QuantizeRequest request) =>
        Quantizer().Quantize(request, TestContext.Current.CancellationToken);

    private void Quantize(
        string source,
        string destination,
        string type,
        Action<string>? log = null
    ) => Run(Request(source, destination, type) with { Log = log });

    private QuantizeRequest Request(string source, string destination, string type) =>
        new()
        {
            Source = source,
            Destination = _folder.File(destination),
            Type = type,
            Threads = 1,
        };

    private IEnumerable<string?> FilesLeft() =>
        Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order();

    private static double LargestDifference(string one, string other) =>
        Logits(one).Zip(Logits(other), (a, b) => Math.Abs((double)a - b)).Max();

    private static float[] Logits(string path)
    {
        using var session = new LLamaSharpEngine(TestLibrary.Load(), threads: 1).Load(
            path,
            new LoadOptions { Threads = 1 }
        );
        session.Decode([new BatchToken(session.Vocabulary.Tokenize(" time"u8)[^1], 0, 0, true)]);
        return session.Logits(0).ToArray();
    }
}
