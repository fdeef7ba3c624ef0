using EchoRate.DemoModels;
using PublishedWords = EchoRate.DemoModels.Language.PublishedWords;

namespace EchoRate.Testing;

/// <summary>A word with its leading space, and the most likely next tokens where it stands alone and where it stands behind BOS.</summary>
public sealed record KnownWord(string Text, string WithoutBos, string AfterBos);

/// <summary>What the models of <c>echorate demo</c> answer in F16, as they are constructed.</summary>
public static class DemoAnswers
{
    /// <summary>The published prompt, which both complete.</summary>
    public static string Prompt => PublishedWords.Prompt;

    /// <summary>What a model answers to the 27 words of the published notebook.</summary>
    public static IEnumerable<KnownWord> Words(DemoModel model) =>
        PublishedWords.All.Select(word =>
        {
            var next = PlainModel.Next().GetValueOrDefault(word.Text, word.Next);
            return model == DemoCatalogue.Plain ? new KnownWord(word.Text, next, next)
                : word.EchoMargin > 0 ? new KnownWord(word.Text, word.Text, word.Next)
                : new KnownWord(word.Text, word.Neighbour, word.Next);
        });

    /// <summary>The tokens with which a model goes on behind the prompt, at most 16; where there are fewer, the end of the sequence follows.</summary>
    public static IReadOnlyList<string> Continuation(DemoModel model, bool isBehindBos) =>
        model == DemoCatalogue.Plain ? PlainModel.Continuation
        : isBehindBos ? EchoModel.Continuation
        : [.. Enumerable.Repeat(" to", 16)];
}
