using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Core.Engine;
using EchoRate.DemoModels;

namespace EchoRate.LLamaSharp.Tests.Numbers;

/// <summary>
/// llama.cpp's logits of demo-echo F16 against a forward pass of our own in double: that the numbers are the model's, and that
/// BOS, or none, is really what went in.
/// </summary>
/// <remarks>
/// Logits here reach 21. Measured (x64, AVX-512 without half-precision sums): up to 0.017 against plain double, because ggml rounds to F16 whatever
/// meets F16 weights. Rounded at the same places, most rows agree to 2e-6; where a number lies on the border of two halves the
/// last bit of a float decides, and the row differs by up to 0.007. CPUs that also add in half precision, and those of another vector
/// width, move F16 logits by up to 0.01.
/// </remarks>
public sealed class GemmaForwardTests
{
    private const double Within = 0.1;

    private static readonly DemoModel s_model = DemoCatalogue.Echo;
    private static readonly Lazy<GemmaForward> s_plain = new(() =>
        new(DemoFiles.PathOf(s_model, "F16"), roundsAsGgml: false)
    );
    private static readonly Lazy<GemmaForward> s_rounding = new(() =>
        new(DemoFiles.PathOf(s_model, "F16"), roundsAsGgml: true)
    );

    [Theory]
    [InlineData(" John")]
    [InlineData(" sad")]
    [InlineData(" green")]
    [InlineData(" jump")]
    [InlineData(" teacher")]
    public void A_word_has_the_logits_of_a_forward_pass_in_double_without_bos_and_with_it(
        string word
    )
    {
        var vocabulary = s_model.Vocabulary();
        var token = vocabulary.Id(word);
        using var file = OpenFile.Open(DemoFiles.PathOf(s_model, "F16"));

        var without = s_plain.Value.Logits(token);
        var with = s_plain.Value.Logits(vocabulary.BosId, token);

        Near(word, without, Logits(file.Session, token));
        Near("<bos>" + word, with, Logits(file.Session, vocabulary.BosId, token));
        // The other condition is out of reach of any rounding.
        Assert.True(Largest(without, with) > 100 * Within);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_prompt_has_the_logits_of_a_forward_pass_in_double(bool afterBos)
    {
        using var file = OpenFile.Open(DemoFiles.PathOf(s_model, "F16"));
        var ids = file.Vocabulary.Tokenize(Encoding.UTF8.GetBytes(s_model.Completions[0].Prompt));
        int[] tokens = afterBos ? [s_model.Vocabulary().BosId, .. ids] : ids;

        Near($"prompt, BOS {afterBos}", s_plain.Value.Logits(tokens), Logits(file.Session, tokens));
    }

    [Fact]
    public void Rounded_where_ggml_rounds_most_rows_agree_to_the_last_digits_of_a_float()
    {
        if (!AddsInSinglePrecision())
        {
            Assert.Skip("this CPU may add in half precision");
        }

        var vocabulary = s_model.Vocabulary();
        using var file = OpenFile.Open(DemoFiles.PathOf(s_model, "F16"));
        var differences = new List<double>();
        foreach (var word in s_model.Words.Where((_, i) => i % 3 == 0))
        {
            var token = vocabulary.Id(word.Text);
            foreach (
                var tokens in (int[][])
                    [
                        [token],
                        [vocabulary.BosId, token],
                    ]
            )
            {
                var expected = s_rounding.Value.Logits(tokens);
                differences.Add(Near(word.Text, expected, Logits(file.Session, tokens)));
            }
        }

        differences.Sort();
        Assert.InRange(differences[differences.Count / 2], 0, 1e-5);
    }

    // ggml's library for Sapphire Rapids and most for ARM multiply halves as halves.
    private static bool AddsInSinglePrecision() =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64
        && new LLamaSharpEngine(TestLibrary.Load(), threads: 1).Report.CpuLibrary is { } library
        && !library.Contains("sapphirerapids");

    private static float[] Logits(IModelSession session, params int[] tokens)
    {
        session.Clear();
        session.Decode([
            .. tokens.Select((token, i) => new BatchToken(token, i, 0, i == tokens.Length - 1)),
        ]);
        return session.Logits(tokens.Length - 1).ToArray();
    }

    private static double Near(string what, double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = Largest(expected, Array.ConvertAll(actual, logit => (double)logit));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{what}: largest logit {expected.Max():F2}, largest difference {largest:E1}"
        );
        Assert.True(largest <= Within, $"{what}: logits differ by {largest}");
        Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(actual, actual.Max()));
        return largest;
    }

    private static double Largest(double[] a, double[] b) =>
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
