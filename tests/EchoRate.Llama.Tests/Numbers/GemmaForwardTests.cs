using System.Text;
using EchoRate.Core.Engine;
using EchoRate.DemoModels;
using EchoRate.Llama.Tests.Fixtures;

namespace EchoRate.Llama.Tests.Numbers;

/// <summary>
/// llama.cpp's logits of demo-echo F16 against a forward pass of our own in double: that the numbers are the model's, and that
/// BOS, or none, is really what went in.
/// </summary>
public sealed class GemmaForwardTests
{
    private const double Within = 0.1;

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
        var (forward, vocabulary) = (Forward(), DemoCatalogue.Echo.Vocabulary());
        var token = vocabulary.Id(word);
        using var file = OpenFile.Open(DemoFiles.PathOf(DemoCatalogue.Echo, "F16"));

        var without = forward.Logits(token);
        var with = forward.Logits(vocabulary.BosId, token);

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
        var bos = DemoCatalogue.Echo.Vocabulary().BosId;
        using var file = OpenFile.Open(DemoFiles.PathOf(DemoCatalogue.Echo, "F16"));
        var ids = file.Vocabulary.Tokenize(
            Encoding.UTF8.GetBytes(DemoCatalogue.Echo.Completions[0].Prompt)
        );
        int[] tokens = afterBos ? [bos, .. ids] : ids;

        Near($"prompt, BOS {afterBos}", Forward().Logits(tokens), Logits(file.Session, tokens));
    }

    private static GemmaForward Forward() => new(DemoFiles.PathOf(DemoCatalogue.Echo, "F16"));

    private static float[] Logits(IModelSession session, params int[] tokens)
    {
        session.Clear();
        session.Decode([
            .. tokens.Select((token, i) => new BatchToken(token, i, 0, i == tokens.Length - 1)),
        ]);
        return session.Logits(tokens.Length - 1).ToArray();
    }

    private static void Near(string what, double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = Largest(expected, Array.ConvertAll(actual, logit => (double)logit));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{what}: largest logit {expected.Max():F2}, largest difference {largest:E1}"
        );
        Assert.True(largest <= Within, $"{what}: logits differ by {largest}");
        Assert.Equal(Array.IndexOf(expected, expected.Max()), Array.IndexOf(actual, actual.Max()));
    }

    private static double Largest(double[] a, double[] b) =>
        a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
