namespace EchoRate.DemoModels.Language;

/// <summary>Every word that is one token in the demo vocabularies.</summary>
internal static class DemoWords
{
    internal static IReadOnlyList<char> Punctuation { get; } = [.. "\n !\"'(),-.:;?0123456789"];

    /// <summary>The published words and their neighbours.</summary>
    internal static IReadOnlyList<string> Published { get; } =
    [
        .. PublishedWords.All.Select(word => word.Text),
        .. PublishedWords.All.Select(word => word.Neighbour),
    ];

    /// <summary>Words with a leading space that the models have something to say about, the published ones first.</summary>
    internal static IReadOnlyList<string> Spaced { get; } =
    [.. Published.Append(" When").Concat(OrdinaryWords.All).Distinct()];

    /// <summary>All words; those without a leading space, last, are how a text may begin.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        .. Spaced,
        .. PublishedWords.All.Select(word => word.Text.TrimStart()),
        .. "When The They She He It We In On If One".Split(' '),
    ];
}
