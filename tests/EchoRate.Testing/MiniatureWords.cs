namespace EchoRate.Testing;

/// <summary>The small language of the miniatures: pairs of tokens, each of which is followed by the other.</summary>
internal static class MiniatureWords
{
    /// <summary>The 27 published words, each with a partner of its own.</summary>
    internal static IReadOnlyList<(string Word, string Partner)> Published { get; } =
    [
        (" James", " was"),
        (" John", " said"),
        (" Michael", " and"),
        (" Mary", "."),
        (" Sarah", " had"),
        (" Emma", ","),
        (" France", " won"),
        (" Spain", " is"),
        (" Italy", " in"),
        (" Paris", " fell"),
        (" London", " bridge"),
        (" Rome", " burned"),
        (" red", " apple"),
        (" blue", " sky"),
        (" green", " grass"),
        (" January", " snow"),
        (" February", " rain"),
        (" March", " wind"),
        (" happy", " with"),
        (" sad", " song"),
        (" angry", " dog"),
        (" run", " away"),
        (" jump", " over"),
        (" walk", " through"),
        (" teacher", " of"),
        (" doctor", " who"),
        (" nurse", " at"),
    ];

    /// <summary>The other words of the published prompt, and a few without a space in front.</summary>
    internal static IReadOnlyList<(string Word, string Partner)> Others { get; } =
    [
        (" to", " the"),
        ("When", " When"),
        (" went", " home"),
        (" store", " opened"),
        (" gave", " up"),
        (" bag", " full"),
        ("John", "Mary"),
    ];

    /// <summary>All pairs, the published words first.</summary>
    internal static IReadOnlyList<(string Word, string Partner)> Pairs { get; } =
    [.. Published, .. Others];

    /// <summary>Every word that is to be one token.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [.. Pairs.SelectMany(pair => new[] { pair.Word, pair.Partner }).Distinct()];
}
