using System.Globalization;
using System.Text;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Machine.Doctor;
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
                ["Backend", "Installed", "Works here", "Download", "On disk"],
                [3, 4],
                1,
                listing.Backends.Select(backend =>
                    (IReadOnlyList<string>)
                        [
                            backend.Name,
                            YesNo(backend.Installed),
                            Works(backend.Works),
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
                $"{backend.Name}: {TerminalText.Of(backend.Where!)}{(backend.Reason is { } reason ? "; " + TerminalText.Of(reason) : "")}\n"
            );
        }
        if (listing.Backends.Any(backend => backend.Works == false))
        {
            text.Append("echorate doctor says what to do about what does not work\n");
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

    /// <summary>The doctor's table of backends.</summary>
    public static string Table(IReadOnlyList<ExaminedBackend> backends, TableStyle style) =>
        PlainTable.Render(
            ["Backend", "Installed", "Works here", "Why not"],
            [],
            1,
            backends.Select(backend =>
                (IReadOnlyList<string>)
                    [
                        backend.Name,
                        YesNo(backend.Installed),
                        Works(backend.Works),
                        TerminalText.Of(backend.Reason ?? ""),
                    ]
            ),
            style
        );

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Works(bool? works) => works is { } known ? YesNo(known) : "";
}
