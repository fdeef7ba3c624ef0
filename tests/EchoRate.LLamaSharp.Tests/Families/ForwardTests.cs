namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>llama.cpp computes what the architectures say: norms, gates, biases, experts, sinks, caps, heads.</summary>
public sealed class ForwardTests
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
        var forward = new Forward(MiniatureFiles.PathOf(MiniatureFiles.Get(calculated)));
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

    public static TheoryData<string> Heeding =>
        [.. Miniatures.HeedingBos.Select(miniature => miniature.Name)];

    // BOS takes all of a head's attention but a billionth or less, of which the others and gpt-oss's sink have their shares.
    [Theory, MemberData(nameof(Heeding))]
    public void Attention_that_is_cut_is_that_of_a_mask(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var (layer, head) = (miniature.BosLayer, miniature.BosHead);
        AttentionCut[] cuts =
        [
            new(CutKind.None),
            new(CutKind.All),
            new(CutKind.All) { Positions = [0, 1] },
            new(CutKind.From, layer),
            new(CutKind.Upto, layer),
            new(CutKind.Only, layer),
            new(CutKind.AllBut, layer),
            new(CutKind.Only, layer, head),
            new(CutKind.AllBut, layer, head),
        ];
        var vocabulary = miniature.Vocabulary();
        int[] tokens = [vocabulary.BosId, vocabulary.Id(" John"), vocabulary.Id(" sad")];
        // MXFP4 holds the same weights.
        var forward = new Forward(
            MiniatureFiles.PathOf(MiniatureFiles.Get(name.Replace("-mxfp4", "")))
        );
        using var file = OpenFile.Open(
            MiniatureFiles.PathOf(miniature),
            with: load => load with { IsExact = true, Shows = Insight.Attention }
        );
        var attention = file.Session.Attention!;

        attention.Decode([.. tokens[..2].Select((t, i) => new BatchToken(t, i, 0, false))], []);
        for (var slot = 1; slot < cuts.Length; slot++)
        {
            file.Session.CopySequence(0, slot);
        }
        attention.Decode(
            [.. cuts.Select((_, slot) => new BatchToken(tokens[2], 2, slot, true))],
            cuts
        );

        foreach (var (slot, cut) in cuts.Index())
        {
            var difference = forward
                .Logits(cut, tokens)
                .Zip(file.Session.Logits(slot).ToArray(), (a, b) => Math.Abs(a - b))
                .Max();
            Assert.True(difference < 1e-4, $"{cut}: {difference}");
        }
    }
}
