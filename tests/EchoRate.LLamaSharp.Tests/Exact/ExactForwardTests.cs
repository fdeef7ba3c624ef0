using EchoRate.DemoModels;

namespace EchoRate.LLamaSharp.Tests.Exact;

/// <summary>
/// Exact answers of quantized files against a forward pass of our own in double, on the weights that the files hold: what the weights say, by a way
/// that is not llama.cpp's. Only the casts of the weights themselves are llama.cpp's (the F32 twin that the pass reads).
/// </summary>
public sealed class ExactForwardTests
{
    private const double Within = 0.01;

    [Theory]
    [InlineData("Q4_K_M")]
    [InlineData("Q2_K")]
    public void A_miniature_of_gemma3_answers_as_its_weights_do_in_double(string type)
    {
        var miniature = Miniatures.Gemma3;
        var path = MiniatureFiles.PathOf(miniature, type);
        Compare(path, miniature.Words.Select(word => word.Text).Take(4));
    }

    [Fact]
    public void The_demo_answers_as_its_weights_do_in_double() =>
        Compare(
            TestModels.PathOf("demo-echo Q8_0"),
            DemoCatalogue.Echo.Words.Select(word => word.Text).Take(4)
        );

    [Fact]
    public void A_real_gemma3_answers_as_its_weights_do_in_double() =>
        Compare(SharedFiles.RealGemma, [" John", " happy"]);

    private static void Compare(string path, IEnumerable<string> words)
    {
        var pass = new Forward(SharedFiles.TwinOf(path));
        using var file = OpenFile.Open(path, with: options => options with { IsExact = true });
        var bos = file.Context.Facts.BosToken!.Value;
        foreach (var word in words)
        {
            var token = file.Id(word);
            foreach (
                var tokens in (int[][])
                    [
                        [token],
                        [bos, token],
                    ]
            )
            {
                var expected = LogProbs(pass.Logits(tokens));
                var actual = LogProbs(Array.ConvertAll(file.After(tokens), logit => (double)logit));
                var top = Array.IndexOf(expected, expected.Max());
                // What a row tells: the log-probabilities of the word and of the answer.
                var largest = new[] { token, top }.Max(id => Math.Abs(expected[id] - actual[id]));
                TestContext.Current.TestOutputHelper?.WriteLine($"{word}: {largest:E1}");
                Assert.InRange(largest, 0, Within);
                Assert.Equal(top, Array.IndexOf(actual, actual.Max()));
            }
        }
    }

    private static double[] LogProbs(double[] logits)
    {
        var most = logits.Max();
        var sum = Math.Log(logits.Sum(logit => Math.Exp(logit - most))) + most;
        return Array.ConvertAll(logits, logit => logit - sum);
    }
}
