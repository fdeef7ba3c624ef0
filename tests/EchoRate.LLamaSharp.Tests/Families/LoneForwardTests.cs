using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>llama.cpp computes what the architectures say: norms, gates, biases, experts, sinks, caps, heads.</summary>
public sealed class LoneForwardTests
{
    // ggml rounds what it multiplies F16 weights with to F16, and MXFP4 weights with to 8 bits. Measured: 0.001 to 0.005 of logits up to 28.
    public static TheoryData<string, string, double> Files =>
        new()
        {
            { "mini-gemma", "mini-gemma", 0.02 },
            { "mini-gemma2", "mini-gemma2", 0.02 },
            { "mini-gemma3", "mini-gemma3", 0.02 },
            { "mini-gpt-oss", "mini-gpt-oss", 0.02 },
            { "mini-gpt-oss-mxfp4", "mini-gpt-oss", 0.05 },
            { "mini-qwen3", "mini-qwen3", 0.02 },
            { "mini-llama", "mini-llama", 0.02 },
        };

    [Theory, MemberData(nameof(Files))]
    public void A_lone_word_s_logits_are_those_of_a_calculation_by_hand(
        string name,
        string calculated,
        double within
    )
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        var forward = new LoneForward(MiniatureFiles.PathOf(MiniatureFiles.Get(calculated)));
        using var file = OpenFile.Open(MiniatureFiles.PathOf(miniature));

        foreach (var word in miniature.Words)
        {
            var token = vocabulary.Id(word.Text);
            file.Session.Clear();
            file.Session.Decode([new BatchToken(token, 0, 0, true)]);
            var logits = file.Session.Logits(0).ToArray();

            var difference = forward
                .Logits(token)
                .Zip(logits, (expected, actual) => Math.Abs(expected - actual))
                .Max();

            Assert.InRange(difference, 0, within);
        }
    }
}
