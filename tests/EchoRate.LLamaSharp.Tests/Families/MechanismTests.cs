namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>What each architecture does differently is really done: sinks, sliding windows, soft caps, experts in MXFP4.</summary>
public sealed class MechanismTests
{
    public static TheoryData<string> Names =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    // Equal values averaged by any weights are that value again; a sink takes its share, and two of a kind leave it less.
    [Theory, MemberData(nameof(Names))]
    public void A_word_twice_predicts_what_it_predicts_alone_but_for_attention_sinks(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        using var file = OpenFile.Open(MiniatureFiles.PathOf(miniature));

        var differences = miniature
            .Words.Select(word => vocabulary.Id(word.Text))
            .Select(id => Distance(file.After(id), file.After(id, id)))
            .ToList();

        if (miniature.HasAttentionSinks)
        {
            Assert.All(differences, difference => Assert.InRange(difference, 0.02, 2));
        }
        else
        {
            Assert.All(differences, difference => Assert.InRange(difference, 0, 2e-3));
        }
    }

    // In gemma2 a sliding layer looks for BOS, in gemma3 a global one; the first forgets it where the window has passed.
    [Theory]
    [InlineData("mini-gemma", false)]
    [InlineData("mini-gemma2", true)]
    [InlineData("mini-gemma3", false)]
    public void Bos_is_forgotten_where_a_sliding_layer_looks_for_it(string name, bool forgets)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        var (word, partner) = (vocabulary.Id(" John"), vocabulary.Id(" said"));
        using var file = OpenFile.Open(MiniatureFiles.PathOf(miniature));
        var window = miniature.SlidingWindow ?? 64;

        int Answer(int position) =>
            Top(file.After([vocabulary.BosId, .. Enumerable.Repeat(word, position)]));

        Assert.Equal(forgets, miniature.ForgetsBos);
        Assert.Equal(partner, Answer(window - 1));
        Assert.Equal(forgets ? word : partner, Answer(window));
        Assert.Equal(forgets ? word : partner, Answer(window + 40));
    }

    private static int Top(float[] logits) => Array.IndexOf(logits, logits.Max());
}
