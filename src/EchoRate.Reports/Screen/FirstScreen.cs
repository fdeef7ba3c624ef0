using EchoRate.Core.Items;
using EchoRate.Core.Tokens;
using EchoRate.Reports.Page;
using Spectre.Console;

namespace EchoRate.Reports.Screen;

/// <summary>What a run says at its end, on one screen however many files it has: what was found, the files, what flipped, what to be careful about.</summary>
/// <param name="summary">The run.</param>
/// <param name="findings">What it found.</param>
/// <param name="rows">What was kept of its rows.</param>
/// <param name="style">The terminal's colours.</param>
public sealed class FirstScreen(
    RunSummary summary,
    RunFindings findings,
    ReportRows rows,
    TableStyle style
)
{
    /// <summary>Columns that it takes at most.</summary>
    public const int Width = 100;

    /// <summary>Lines that it takes at most, those of the folder included.</summary>
    public const int Height = 40;

    // Where the files are, and a blank line in front of each part but the first.
    private const int Rest = Height - 2 - 4;

    private const int MostFlips = 5;
    private const int MostCares = 6;
    private const int LeastFindings = 8;
    private const int MostFiles = 12;
    private const string Indent = "  ";

    /// <summary>The screen, lines ending in a line feed; two more are left for where the files are.</summary>
    public string Render()
    {
        var isNothing = findings.Models.Count == 0;
        var care = ScreenText.Fit(
            [.. Cares(isNothing)],
            isNothing ? Rest - 2 : MostCares,
            "in files.csv and summary.csv"
        );
        var table = new FilesTable(summary);
        var flipped = ScreenText.Fit(
            [.. rows.Flips.Where(flips => flips.Set == table.Set).Select(Flipped)],
            MostFlips,
            "files with such words: flip = 1 in echo.csv"
        );
        IReadOnlyList<string> title = table.IsEmpty ? [] : [.. ScreenText.Wrap(table.Title, Width)];
        var files = table.IsEmpty ? [] : table.Lines(style);

        var wanted = title.Count + Math.Min(files.Count, MostFiles + 3);
        var room = Rest - Part(care) - Part(flipped);
        var found = isNothing
            ? [RunFindings.Nothing]
            : Found(Math.Max(LeastFindings, room - wanted));
        files = ScreenText.Fit(files, room - title.Count - found.Count, "files: summary.csv");
        IReadOnlyList<string>[] parts =
        [
            found,
            [.. title, .. files],
            flipped.Count == 0
                ? []
                :
                [
                    $"Echo of {table.Set} flipped against the reference (~ a near tie):",
                    .. flipped,
                ],
            care.Count == 0 ? [] : ["Read with care:", .. care],
        ];
        return string.Concat(
            parts.Where(part => part.Count > 0).Select(part => string.Join('\n', part) + "\n\n")
        );
    }

    // With its title.
    private static int Part(IReadOnlyList<string> lines) => lines.Count == 0 ? 0 : lines.Count + 1;

    // As many sentences of each model as fit, the first ones first.
    private IReadOnlyList<string> Found(int room)
    {
        List<string> lines = [];
        for (var sentences = 5; sentences > 0; sentences--)
        {
            lines =
            [
                .. findings.Models.SelectMany(model =>
                    ScreenText.Wrap(string.Join(' ', Sentences(model).Take(sentences)), Width)
                ),
            ];
            if (lines.Count <= room)
            {
                return lines;
            }
        }
        var firsts = findings.Models.Select(model => ScreenText.Cut(model.Echo, Width)).ToList();
        return ScreenText.Fit(firsts, room, "models: summary.csv");
    }

    // By how much they say that the table below does not.
    private static IEnumerable<string> Sentences(ModelFinding model) =>
        new[] { model.Echo, model.Completion, model.Places, model.Published, model.Quantization }
            .OfType<string>()
            .Concat(model.Arithmetic.Take(1));

    // As many words as fit, and how many more there are.
    private string Flipped(FlippedWords flips)
    {
        var start = $"{Indent}{ScreenText.Cut(summary.Labels[flips.File], 40)} {flips.Arm} BOS: ";
        var words = flips.Kept.ConvertAll(row =>
            $"{Piece(row.Token)}{(row.Echo == true ? " gained" : $" → {Piece(row.Top1)}")}{(row.NearTie == true ? " ~" : "")}"
        );
        for (var shown = words.Count; shown > 0; shown--)
        {
            var left = flips.Count - shown;
            var line =
                start
                + string.Join(", ", words.Take(shown))
                + (left > 0 ? $", and {left:N0} more" : "");
            if (line.GetCellWidth() <= Width)
            {
                return line;
            }
        }
        return ScreenText.Cut($"{start}{flips.Count} more", Width);
    }

    private static string Piece(TokenBytes? token) =>
        token is null ? "?" : PageText.Piece(token.Bytes, 24);

    // Where there is nothing else to read, reasons stand in full.
    private IEnumerable<string> Cares(bool isNothing)
    {
        var lines = ScreenText
            .Fit(findings.NotMeasured, isNothing ? 6 : 3, "files that were not measured: files.csv")
            .Concat(ScreenText.Fit(findings.Flags, 2, "flags: files.csv"))
            .Concat(new[] { findings.NearTies }.OfType<string>())
            .Concat(findings.Arithmetic)
            .Concat(FewWords());
        return lines
            .SelectMany(line =>
                isNothing ? ScreenText.Wrap(line, Width - Indent.Length).Take(5) : [line]
            )
            .Select(line => ScreenText.Cut($"{Indent}{line}", Width));
    }

    private IEnumerable<string> FewWords()
    {
        var sets = summary
            .Files.SelectMany(file => file.Rows)
            .Where(row => row is { Probe: "echo", Measured: > 0 })
            .Select(row => row.Set)
            .Distinct()
            .ToList();
        if (sets is [PublishedWords.Name])
        {
            yield return "27 words describe and do not infer; for that, run with --items words,sample:500";
        }
    }
}
