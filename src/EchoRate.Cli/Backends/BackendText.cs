using System.Globalization;
using System.Text;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Backends;

/// <summary>The list of backends for people.</summary>
internal static class BackendText
{
    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(BackendListing listing, UserTerminal terminal)
    {
        var text = new StringBuilder();
        text.Append(
            PlainTable.Render(
                ["Backend", "Installed", "Download", "On disk"],
                [2, 3],
                1,
                listing.Backends.Select(backend =>
                    (IReadOnlyList<string>)
                        [
                            backend.Name,
                            backend.Installed ? "yes" : "no",
                            QuantizeWords.Size(backend.DownloadBytes),
                            backend.DiskBytes is { } bytes ? QuantizeWords.Size(bytes) : "",
                        ]
                ),
                new TableStyle { Width = terminal.Width, Colour = false }
            )
        );
        foreach (var backend in listing.Backends.Where(backend => backend.Where is not null))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{backend.Name}: {TerminalText.Of(backend.Where!)}\n"
            );
        }
        if (listing.Instead is { } instead)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"runs take {TerminalText.Of(instead)} instead of these\n"
            );
        }
        return text.ToString();
    }
}
