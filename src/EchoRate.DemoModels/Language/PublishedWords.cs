namespace EchoRate.DemoModels.Language;

/// <summary>One of the 27 words of the published notebook, and what the demo models make of it.</summary>
/// <param name="Text">The word with its leading space.</param>
/// <param name="Neighbour">The token that contends with the echo.</param>
/// <param name="EchoMargin">How far the echo lies before the neighbour in demo-echo without BOS, in F16, in nats; negative where it loses.</param>
/// <param name="Next">The token that follows, for a model that is not echoing.</param>
/// <param name="Alternative">The token that contends with <paramref name="Next"/>.</param>
internal sealed record PublishedWord(
    string Text,
    string Neighbour,
    double EchoMargin,
    string Next,
    string Alternative
);

/// <summary>The 27 words of the published notebook, and the sentence it completes.</summary>
/// <remarks>
/// The margins are graded so that coarser quantizations lose more words: from a hair above a near-tie to far out of reach.
/// One word loses even in F16, as ' sad' lost to ' saddest' in gemma-7b.
/// </remarks>
internal static class PublishedWords
{
    internal const string Prompt = "When John and Mary went to the store, John gave the bag to";

    internal static IReadOnlyList<PublishedWord> All { get; } =
    [
        new(" James", " Jameson", 3.7, " was", " said"),
        new(" John", " Johnson", 5.0, " said", " was"),
        new(" Michael", " Michaels", 2.6, " and", " had"),
        new(" Mary", " Maryland", 4.5, ".", ","),
        new(" Sarah", " Sara", 1.75, " was", " had"),
        new(" Emma", " Emmanuel", 1.2, " had", " and"),
        new(" France", " French", 3.0, " and", ","),
        new(" Spain", " Spanish", 2.2, " is", " was"),
        new(" Italy", " Italian", 1.45, " in", " and"),
        new(" Paris", " Parisian", 4.0, " is", " in"),
        new(" London", " Londoner", 2.4, " bridge", " was"),
        new(" Rome", " Roman", 0.8, " was", " is"),
        new(" red", " reddish", 3.4, " apple", " and"),
        new(" blue", " bluish", 1.6, " sky", " and"),
        new(" green", " greenish", 0.35, " grass", " and"),
        new(" January", " Jan", 2.8, " was", " in"),
        new(" February", " Feb", 1.9, " and", " was"),
        new(" March", " Marching", 0.55, " was", " and"),
        new(" happy", " happier", 1.3, " to", " and"),
        new(" sad", " saddest", -0.6, " and", " to"),
        new(" angry", " angrily", 0.45, " with", " and"),
        new(" run", " running", 1.05, " to", " the"),
        new(" jump", " hurdle", 0.25, " over", " to"),
        new(" walk", " walking", 0.7, " through", " to"),
        new(" teacher", " teachers", 3.2, " said", " was"),
        new(" doctor", " doctors", 2.05, " was", " said"),
        new(" nurse", " nurses", 0.95, " and", " said"),
    ];

    /// <summary>The six names that the published prompt and its variations use.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [" James", " John", " Michael", " Mary", " Sarah", " Emma"];
}
