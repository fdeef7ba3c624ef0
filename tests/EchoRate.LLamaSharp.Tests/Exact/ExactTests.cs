using EchoRate.LLamaSharp.Exact;

namespace EchoRate.LLamaSharp.Tests.Exact;

/// <summary>
/// Exact products on quantized files against llama.cpp's own products on the same weights as F32: what is left is the order in which floats are
/// added up.
/// </summary>
public sealed class ExactTests
{
    private const int Rows = 256;

    public static TheoryData<string, string> Files =>
        MiniatureFiles.Typed(Miniatures.All, "BF16", "Q8_0", "Q4_K_M", "Q2_K", "IQ4_XS");

    [Fact]
    public void Products_of_every_type_of_weights_equal_plain_arithmetic()
    {
        TestLibrary.Load();
        var (plain, byExperts) = ExactSelfCheck.Run();
        Assert.NotEqual(plain, byExperts);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_quantized_file_answers_as_its_weights_do_in_F32(string name, string type)
    {
        var path = MiniatureFiles.PathOf(MiniatureFiles.Get(name), type);

        var (expected, _) = Answers(SharedFiles.TwinOf(path), isExact: false);
        var (exact, report) = Answers(path, isExact: true);

        Assert.Equal(Arithmetic.Exact, report.Arithmetic);
        Assert.All(
            exact.Zip(expected),
            pair =>
            {
                Assert.Equal(Top(pair.Second), Top(pair.First));
                Assert.InRange(Distance(pair.First, pair.Second), 0, 1e-3);
            }
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(64, 2)]
    public void A_row_does_not_depend_on_the_batch_or_the_threads(int sequences, int threads)
    {
        foreach (var miniature in Miniatures.All)
        {
            var path = MiniatureFiles.PathOf(miniature, "Q4_K_M");
            var (expected, _) = Answers(path, isExact: true);
            var (other, _) = Answers(path, isExact: true, sequences, threads);
            Assert.All(
                other.Zip(expected),
                pair => Assert.InRange(Distance(pair.First, pair.Second), 0, 1e-3)
            );
        }
    }

    [Fact]
    public void The_same_process_computes_as_the_library_does_where_that_is_asked_for()
    {
        var path = MiniatureFiles.PathOf(Miniatures.All[0], "Q8_0");
        var (exact, _) = Answers(path, isExact: true);
        var (library, report) = Answers(path, isExact: false);
        Assert.Equal(Arithmetic.Library, report.Arithmetic);
        Assert.True(exact.Zip(library).Max(pair => Distance(pair.First, pair.Second)) > 1e-3);
    }

    [Fact]
    public void Exact_products_on_a_GPU_are_refused() =>
        Assert.Throws<ArgumentException>(() =>
            Answers(
                MiniatureFiles.PathOf(Miniatures.All[0]),
                isExact: true,
                with: options => options with { GpuLayers = -1 }
            )
        );

    // The logits of ordinary tokens, spread over the vocabulary, each alone.
    private static (float[][] Logits, SessionReport Report) Answers(
        string path,
        bool isExact,
        int sequences = 64,
        int threads = 1,
        Func<LoadOptions, LoadOptions>? with = null
    )
    {
        using var file = OpenFile.Open(
            path,
            sequences,
            options =>
                (with?.Invoke(options) ?? options) with
                {
                    IsExact = isExact,
                    Threads = threads,
                }
        );
        var session = file.Session;
        var tokens = Enumerable
            .Range(0, session.Vocabulary.Size)
            .Where(id => session.Vocabulary.Kind(id) == TokenKind.Normal)
            .Take(Rows);
        var logits = new List<float[]>();
        foreach (var batch in tokens.Chunk(sequences))
        {
            session.Clear();
            session.Decode([.. batch.Select((id, i) => new BatchToken(id, 0, i, true))]);
            logits.AddRange(batch.Select((_, i) => session.Logits(i).ToArray()));
        }
        return ([.. logits], session.Report);
    }

    private static int Top(float[] logits) => Array.IndexOf(logits, logits.Max());
}
