using System.Globalization;
using System.Text;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Listing;

/// <summary>A listing for people: two tables, and what the words stand on.</summary>
internal static class ListingText
{
    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(FileListing listing, IFitPlan fit, UserTerminal terminal)
    {
        var style = new TableStyle { Width = terminal.Width, Colour = false };
        var text = new StringBuilder();
        var isPlanned = listing.Files.Any(file => file.Plan is not null);
        text.Append(
            PlainTable.Render(
                [
                    "Model",
                    "Quant",
                    "Size",
                    "Here",
                    "Verified",
                    "Fits",
                    .. isPlanned ? (string[])["Plan"] : [],
                    "From",
                ],
                [2],
                2,
                listing.Files.Select(file =>
                    (IReadOnlyList<string>)
                        [
                            file.Model,
                            file.Quant,
                            file.Bytes is { } bytes ? QuantizeWords.Size(bytes) : "unknown",
                            file.Here,
                            file.Verified ?? "",
                            file.Fits,
                            .. isPlanned ? (string[])[file.Plan ?? ""] : [],
                            (file.Repo ?? TerminalText.Of(file.Where ?? "this disk"))
                                + (file.Gated ? " (licence)" : ""),
                        ]
                ),
                style
            )
        );
        if (listing.Others.Count > 0)
        {
            text.Append("\nAlso in the cache, not in the manifest (run them with --file):\n\n")
                .Append(
                    PlainTable.Render(
                        ["File", "Size", "Fits", "From"],
                        [1],
                        1,
                        listing.Others.Select(file =>
                            (IReadOnlyList<string>)
                                [
                                    TerminalText.Of(file.Path),
                                    QuantizeWords.Size(file.Bytes),
                                    file.Fits,
                                    file.Repo,
                                ]
                        ),
                        style
                    )
                );
        }
        var here = listing.Files.Count(file => file.Here == "yes");
        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{here} of {QuantizeWords.Count(listing.Files.Count, "file")} here; {fit.Describe}\n"
        );
        text.Append(CultureInfo.InvariantCulture, $"cache: {TerminalText.Of(listing.Cache)}\n");
        if (listing.Files.Any(file => file.Bytes is null))
        {
            text.Append("unknown sizes are learned by `echorate pull`\n");
        }
        foreach (var file in listing.Files.Where(file => file.Here == "unusable"))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{file.Model}:{file.Quant}: {TerminalText.Of(file.Reason!)}\n"
            );
        }
        return text.ToString();
    }
}
