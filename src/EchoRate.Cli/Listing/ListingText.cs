using System.Text;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Text;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Listing;

/// <summary>A listing for people: two tables, and what the words stand on.</summary>
internal static class ListingText
{
    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(FileListing listing, FitPlan fit, UserTerminal terminal)
    {
        var style = new TableStyle { Width = terminal.Width, Colour = false };
        var isPlanned = listing.Files.Any(file => file.Plan is not null);
        string[] plan = isPlanned ? ["Plan"] : [];
        var text = new StringBuilder();
        text.Append(
            PlainTable.Render(
                ["Model", "Quant", "Size", "Here", "Verified", "Fits", .. plan, "From"],
                [2],
                2,
                listing.Files.Select(file => Row(file, isPlanned)),
                style
            )
        );
        if (listing.Others.Count > 0)
        {
            text.Append("\nAlso in the cache, not in the manifest (run them with --file):\n\n");
            text.Append(
                PlainTable.Render(
                    ["File", "Size", "Fits", "From"],
                    [1],
                    1,
                    listing.Others.Select(Row),
                    style
                )
            );
        }
        var first = listing.Files.Where(file => file.Shows is not null).ToList();
        if (first.Count > 0)
        {
            text.Append(
                "\nFor a first real run, fetched where it is not here (echorate run --model NAME):\n\n"
            );
            text.Append(
                PlainTable.Render(
                    ["Model", "Shows"],
                    [],
                    1,
                    first
                        .DistinctBy(file => file.Model)
                        .Select(file =>
                            (IReadOnlyList<string>)[file.Model, TerminalText.Of(file.Shows!)]
                        ),
                    style
                )
            );
        }
        var here = listing.Files.Count(file => file.Here == "yes");
        var files = QuantizeWords.Count(listing.Files.Count, "file");
        text.Append($"\n{here} of {files} here; {fit.Describe}\n");
        text.Append($"cache: {TerminalText.Of(listing.Cache)}\n");
        var unknown = listing.Files.Count(file => file.Bytes is null || !file.HashKnown);
        if (unknown > 0)
        {
            text.Append(
                $"size or sha256 not known of {QuantizeWords.Count(unknown, "file")}: `echorate pull` learns them\n"
            );
        }
        foreach (var file in listing.Files.Where(file => file.Here == "unusable"))
        {
            text.Append($"{file.Model}:{file.Label}: {TerminalText.Of(file.Reason!)}\n");
        }
        return text.ToString();
    }

    private static IReadOnlyList<string> Row(ListedFile file, bool isPlanned)
    {
        string[] plan = isPlanned ? [file.Plan ?? ""] : [];
        var from = file.Repo ?? TerminalText.Of(file.Where ?? "this disk");
        return
        [
            file.Model,
            file.Label,
            file.Bytes is { } bytes ? QuantizeWords.Size(bytes) : "unknown",
            file.Here,
            file.Verified ?? "",
            file.Fits,
            .. plan,
            file.Gated ? from + " (licence)" : from,
        ];
    }

    private static IReadOnlyList<string> Row(UnlistedFile file) =>
        [TerminalText.Of(file.Path), QuantizeWords.Size(file.Bytes), file.Fits, file.Repo];
}
