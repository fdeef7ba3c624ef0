using EchoRate.Cli.Terminal;
using EchoRate.Core.Results;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli.Composition;

/// <summary>What a run prints at its end, and counts for its exit code.</summary>
internal sealed class RunEnding
{
    /// <summary>The rows that the report shows.</summary>
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
        Rows.See(file, row);
    }

    /// <summary>Prints one screen on stdout; where it is to be quiet, the path of the run's folder.</summary>
    public void Show(RunSummary summary, RunFolder folder, bool quiet, UserTerminal terminal)
    {
        if (quiet)
        {
            terminal.Data.WriteLine(folder.Path);
            return;
        }
        var findings = new RunFindings(summary, Rows);
        terminal.Out.Write(new FirstScreen(summary, findings, Rows, terminal.Style).Render());
        // A shard has none.
        var report = Path.Combine(folder.Path, "report.html");
        terminal.Out.WriteLine(
            File.Exists(report) ? $"Report: {report}" : "Word by word: echo.csv"
        );
        terminal.Out.WriteLine($"Files:  {folder.Path}");
    }

    /// <summary>Says which files got other input than the one they are held against.</summary>
    public static void SayOtherInputs(IReadOnlyList<CompareRow> contrasts, UserTerminal terminal)
    {
        foreach (var line in LadderSection.OtherInputs(contrasts))
        {
            terminal.Error.WriteLine($"Warning: {line}");
        }
    }
}
