using System.Text;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Text;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Cli.Listing;

/// <summary>A listing for people: two tables, and what the words stand on.</summary>
internal static class ListingText
{
    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(FileListing listing, FitPlan fit, UserTerminal terminal)
    {
        var style = terminal.Style;
        List<(DataColumn, Func<ListedFile, DataCell>)> plan = listing.Files.Any(file =>
            file.Plan is not null
        )
            ? [("Plan", file => file.Plan)]
            : [];
        var files = DataTable.Of(
            "",
            listing.Files,
            [
                ("Model", file => file.Model),
                ("Quant", file => file.Label),
                (
                    Number("Size"),
                    file => file.Bytes is { } bytes ? QuantizeWords.Size(bytes) : "unknown"
                ),
                ("Here", file => file.Here),
                ("Verified", file => file.Verified),
                ("Fits", file => file.Fits),
                .. plan,
                ("From", From),
            ]
        ) with
        {
            Leading = 2,
        };
        var text = new StringBuilder(ScreenTable.Render(files, style));
        if (listing.Others.Count > 0)
        {
            var others = DataTable.Of(
                "",
                listing.Others,
                [
                    ("File", file => TerminalText.Of(file.Path)),
                    (Number("Size"), file => QuantizeWords.Size(file.Bytes)),
                    ("Fits", file => file.Fits),
                    ("From", file => file.Repo),
                ]
            );
            text.Append("\nAlso in the cache, not in the manifest (run them with --file):\n\n");
            text.Append(ScreenTable.Render(others, style));
        }
        var first = listing.Files.Where(file => file.Shows is not null).ToList();
        if (first.Count > 0)
        {
            var shown = DataTable.Of(
                "",
                first.DistinctBy(file => file.Model),
                [("Model", file => file.Model), ("Shows", file => TerminalText.Of(file.Shows!))]
            );
            text.Append(
                "\nFor a first real run, fetched where it is not here (echorate run --model NAME):\n\n"
            );
            text.Append(ScreenTable.Render(shown, style));
        }
        var here = listing.Files.Count(file => file.Here == "yes");
        text.Append(
            $"\n{here} of {QuantizeWords.Count(listing.Files.Count, "file")} here; {fit.Describe}\n"
        );
        text.Append($"cache: {TerminalText.Of(listing.Cache)}\n");
        var unknown = listing.Files.Count(file =>
            file.Repo is not null && (file.Bytes is null || !file.HashKnown)
        );
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

    private static DataCell From(ListedFile file)
    {
        var from = file.Repo ?? TerminalText.Of(file.Where ?? "this disk");
        return file.Gated ? from + " (licence)" : from;
    }
}
