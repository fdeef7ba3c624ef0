using System.Text;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Items;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
using EchoRate.Reports;
using EchoRate.Reports.Findings;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using EchoRate.Reports.Tables;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>What a run prints at its end.</summary>
internal sealed class RunTables
{
    private readonly FlippedWords _flips = new();

    /// <summary>The rows that reports and tables show.</summary>
    public ReportRows Rows { get; } = new();

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
        Rows.See(file, row);
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
            new RunFindings(summary, Rows),
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
        var labels = summary.Labels;
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
            text.Append(EchoTable.Render(Of(Rows.Words, words), style));
        }
        if (prompts is not null)
        {
            Section(text, $"Completions ({prompts})");
            text.Append(CompletionTable.Render(Of(Rows.Completions, prompts), style));
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
        WeightsOrArithmetic(text, summary);
        Care(text, summary, labels);
        if (words == PublishedWords.Name)
        {
            text.AppendLine().AppendLine(RunFindings.FewWords);
        }
        return text.ToString();

        IEnumerable<ShownRow<TRow>> Of<TRow>(IReadOnlyList<(int File, TRow Row)> rows, string set)
            where TRow : MeasuredRow =>
            rows.Where(row => IsHere(row.File) && (row.Row.Set == set || row.Row.Set is null))
                .Select(row => new ShownRow<TRow>(
                    labels[row.File],
                    summary.Files[row.File].File.Facts.Model,
                    row.Row
                ));
    }

    private static void WeightsOrArithmetic(StringBuilder text, RunSummary summary)
    {
        List<string> lines =
        [
            .. ArithmeticWords.OfFiles(summary),
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
