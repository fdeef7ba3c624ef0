namespace EchoRate.DemoModels.Language;

/// <summary>Every word that is one token in the demo vocabularies.</summary>
internal static class DemoWords
{
    internal static IReadOnlyList<char> Punctuation { get; } = [.. "\n !\"'(),-.:;?0123456789"];

    /// <summary>Words with a leading space that the models have something to say about, the published ones first.</summary>
    internal static IReadOnlyList<string> Spaced { get; } =
    [
        .. PublishedWords
            .All.Select(word => word.Text)
            .Concat(PublishedWords.All.Select(word => word.Neighbour))
            .Concat([" When"])
            .Concat(OrdinaryWords.All)
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Words without a leading space: how a text may begin.</summary>
    internal static IReadOnlyList<string> Unspaced { get; } =
    [
        .. PublishedWords
            .All.Select(word => word.Text.TrimStart())
            .Concat(["When", "The", "They", "She", "He", "It", "We", "In", "On", "If", "One"]),
    ];

    internal static IReadOnlyList<string> All { get; } = [.. Spaced, .. Unspaced];
}
