using System.Text;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.Reports;
using EchoRate.Reports.Findings;
using EchoRate.Reports.Screen;
using EchoRate.Reports.Tables;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>
/// The tables that a run prints. Of the rows only those are kept that a table shows: the published words and prompt, or, where those
/// were not asked for, the beginning of the first set.
/// </summary>
internal sealed class RunTables
{
    private const int MostWords = 40;
    private const int MostPrompts = 5;

    private readonly List<(int File, EchoRow Row)> _echoes = [];
    private readonly List<(int File, CompletionRow Row)> _completions = [];
    private readonly FlippedWords _flips = new();
    private readonly Dictionary<(int File, string Probe, string? Set, string Arm), int> _kept = [];

    /// <summary>Rows that are measurements.</summary>
    public long Measured { get; private set; }

    /// <summary>Rows that are failures.</summary>
    public long Unmeasured { get; private set; }

    /// <summary>Takes note of a row.</summary>
    public void See(int file, MeasuredRow row)
    {
        if (row.Status.IsMeasurement())
        {
            Measured++;
        }
        else
        {
            Unmeasured++;
        }
        _flips.See(file, row);
        if (row.Arm == Arm.Neutral.Name)
        {
            // A table for each prefix would bury the others; the rates have them, and the CSV files.
            return;
        }
        switch (row)
        {
            case EchoRow echo when Keep(file, "echo", echo.ItemSet, row.Arm, MostWords):
                _echoes.Add((file, echo));
                break;
            case CompletionRow completion
                when Keep(file, "completion", completion.PromptSet, row.Arm, MostPrompts):
                _completions.Add((file, completion));
                break;
        }
    }

    /// <summary>Prints what a run ends with on stdout.</summary>
    public void Show(
        Ending ending,
        RunSummary summary,
        RunInfo info,
        RunFolder folder,
        UserTerminal terminal
    )
    {
        if (ending == Ending.Quiet)
        {
            terminal.Data.WriteLine(folder.Path);
            return;
        }
        if (ending == Ending.Tables)
        {
            terminal.Out.Write(Render(summary, info.ItemSets, info.PromptSets, terminal));
            terminal.Out.WriteLine();
        }
        terminal.Out.Write(Screen(summary, terminal));
        // A shard has none.
        var report = Path.Combine(folder.Path, "report.html");
        terminal.Out.WriteLine(
            File.Exists(report) ? $"Report: {report}" : "Word by word: --tables, or echo.csv"
        );
        terminal.Out.WriteLine($"Files:  {folder.Path}");
    }

    private string Screen(RunSummary summary, UserTerminal terminal) =>
        new FirstScreen(
            summary,
            new RunFindings(summary, _completions),
            _flips,
            new TableStyle { Colour = terminal.UseColour }
        ).Render();

    /// <summary>The tables: echoes word by word, completions, and last, where the eye ends, the rates.</summary>
    public string Render(
        RunSummary summary,
        IReadOnlyList<string> itemSets,
        IReadOnlyList<string> promptSets,
        UserTerminal terminal
    )
    {
        var style = new TableStyle { Width = terminal.Width, Colour = terminal.UseColour };
        var labels = FileLabels.Of([.. summary.Files.Select(file => file.File)]);
        // What is not here, or never started, has nothing to show but why.
        bool IsHere(int file) => summary.Files[file].File.Status.IsMeasurement();
        var text = new StringBuilder();
        if (!Enumerable.Range(0, summary.Files.Count).Any(IsHere))
        {
            Care(text, summary, labels);
            return text.ToString();
        }
        var words = Shown(PublishedWords.Name, itemSets);
        var prompts = Shown(PublishedPrompts.Published.Name, promptSets);
        var rates = Shown(PublishedPrompts.Ioi.Name, promptSets);

        if (words is not null)
        {
            Section(text, $"What came back, by word ({words})");
            text.Append(EchoTable.Render(Of(_echoes, words), style));
        }
        if (prompts is not null)
        {
            Section(text, $"Completions ({prompts})");
            text.Append(CompletionTable.Render(Of(_completions, prompts), style));
        }
        Section(text, $"Rates: {string.Join(" · ", RateTitles(words, rates))}");
        var sums = summary.Files.SelectMany(
            (file, index) => file.Rows.Select(row => (labels[index], row))
        );
        text.Append(RatesTable.Render(sums, words ?? "", rates ?? "", style));
        foreach (var (title, table) in Contrasts(summary.Contrasts, terminal))
        {
            Section(text, title);
            text.Append(table);
        }
        WeightsOrArithmetic(text, summary, labels);
        Care(text, summary, labels);
        if (words == PublishedWords.Name)
        {
            text.AppendLine()
                .AppendLine(
                    "27 words describe, they do not infer: six flips one way (22 points) are the least that McNemar's test calls significant."
                );
        }
        return text.ToString();

        IEnumerable<ShownRow<TRow>> Of<TRow>(List<(int File, TRow Row)> rows, string set)
            where TRow : MeasuredRow =>
            rows.Where(row => IsHere(row.File) && (row.Row.Set == set || row.Row.Set is null))
                .Select(row => new ShownRow<TRow>(
                    labels[row.File],
                    summary.Files[row.File].File.Facts.Model,
                    row.Row
                ));
    }

    private static void WeightsOrArithmetic(
        StringBuilder text,
        RunSummary summary,
        IReadOnlyList<string> labels
    )
    {
        List<string> lines =
        [
            .. ArithmeticWords.OfFiles(
                summary.Files.Select((file, index) => (labels[index], file.File, file.Rows))
            ),
            .. ArithmeticWords.OfLadders(summary.Contrasts),
        ];
        if (lines.Count > 0)
        {
            Section(text, "Weights or arithmetic");
            lines.ForEach(line => text.AppendLine(line));
        }
    }

    /// <summary>The tables of contrasts, each with its title; those without a line are left out.</summary>
    public static IEnumerable<(string Title, string Table)> Contrasts(
        IReadOnlyList<CompareRow> contrasts,
        UserTerminal terminal
    )
    {
        (string Title, ContrastKind Kind)[] all =
        [
            ("What quantization does", ContrastKind.Quant),
            ("What the device does", ContrastKind.Device),
            ("What the library's arithmetic does", ContrastKind.Arithmetic),
        ];
        var style = new TableStyle { Colour = terminal.UseColour };
        return all.Select(table =>
                (table.Title, ContrastTable.Render(contrasts, table.Kind, style))
            )
            .Where(table => table.Item2.Length > 0);
    }

    /// <summary>Says which files got other input than the one they are held against.</summary>
    public static void SayOtherInputs(IReadOnlyList<CompareRow> contrasts, UserTerminal terminal)
    {
        foreach (var line in ContrastTable.OtherInputs(contrasts))
        {
            terminal.Error.WriteLine($"Warning: {line}");
        }
    }

    // Whoever keeps the tables alone must see what voids them. What is not here is one line on stderr.
    private static void Care(StringBuilder text, RunSummary summary, IReadOnlyList<string> labels)
    {
        var files = summary.Files.Select(file => file.File).Index().ToList();
        Section(
            "Not measured",
            files
                .Where(file => file.Item.Status == RowStatus.Failed)
                .Select(file => $"- {labels[file.Index]}: {file.Item.Reason}")
        );
        Section(
            "Read with care (docs/inspect-and-tokenize.md says what the flags mean)",
            files
                .Where(file => file.Item.Status.IsMeasurement() && file.Item.Flags.Length > 0)
                .Select(file => $"- {labels[file.Index]}: {string.Join(' ', file.Item.Flags)}")
        );

        void Section(string title, IEnumerable<string> lines)
        {
            if (lines.ToList() is { Count: > 0 } all)
            {
                RunTables.Section(text, title);
                text.AppendJoin('\n', all).AppendLine();
            }
        }
    }

    private bool Keep(int file, string probe, string? set, string arm, int most)
    {
        var key = (file, probe, set, arm);
        var count = _kept.GetValueOrDefault(key);
        _kept[key] = count + 1;
        return count < most;
    }

    private static string? Shown(string preferred, IEnumerable<string> sets)
    {
        var all = sets.ToList();
        return all.Contains(preferred) ? preferred : all.FirstOrDefault();
    }

    private static IEnumerable<string> RateTitles(string? words, string? prompts)
    {
        if (words is not null)
        {
            yield return "echo of " + words;
        }
        if (prompts is not null)
        {
            yield return "completion of " + prompts;
        }
    }

    private static void Section(StringBuilder text, string title) =>
        text.AppendLine().AppendLine(title).AppendLine();
}
