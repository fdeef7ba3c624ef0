namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>llama.cpp computes what the architectures say: norms, gates, biases, experts, sinks, caps, heads.</summary>
public sealed class ForwardTests
{
    public static TheoryData<string> Names =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    // ggml rounds what it multiplies F16 weights with to F16. Measured: 0.001 to 0.005 of logits up to 28.
    [Theory, MemberData(nameof(Names))]
    public void A_lone_word_s_logits_are_those_of_a_calculation_by_hand(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        var path = MiniatureFiles.PathOf(miniature);
        var forward = new Forward(path);
        using var file = OpenFile.Open(path);

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

            Assert.InRange(difference, 0, 0.02);
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
        var forward = new Forward(MiniatureFiles.PathOf(miniature));
        using var file = OpenFile.Open(
            MiniatureFiles.PathOf(miniature),
            with: load => load with { IsExact = true, Shows = Insight.Attention }
        );

        file.Session.DecodeWatched(
            [.. tokens[..2].Select((t, i) => new BatchToken(t, i, 0, false))],
            []
        );
        for (var slot = 1; slot < cuts.Length; slot++)
        {
            file.Session.CopySequence(0, slot);
        }
        file.Session.DecodeWatched(
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
