using EchoRate.Cli.Terminal;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli.Composition;

/// <summary>What a run says: what computes, what is not as it should be, and at its end what was found.</summary>
internal static class RunWords
{
    /// <summary>The first line of a run: llama.cpp, backend, devices; and why not a GPU where there is one, or one was asked for.</summary>
    public static void SayWhatComputes(
        RunPlan plan,
        IReadOnlyList<ReadyTarget> ready,
        TextWriter error
    )
    {
        var loaded = ready.Where(target => target.Engine is not null).ToList();
        foreach (var (target, engine) in loaded)
        {
            var devices = TargetFinder
                .DevicesOf(target.Backend, engine)
                .Where(device => device.IsGpu == (target.Backend != "cpu"))
                .Where(device => target.Device is null || device.Name == target.Device)
                .Select(device => device.DisplayName);
            error.WriteLine(
                $"{engine!.Name} {engine.Version} ({engine.Libraries}) on {target.Backend}: {string.Join(", ", devices)}"
            );
        }
        foreach (var passed in ready.SelectMany(target => target.PassedOver).Distinct())
        {
            error.WriteLine($"{passed}; `echorate doctor` says what to do");
        }
        foreach (
            var (_, engine) in loaded.Where(one =>
                GpuOptions.IsGpuWanted(plan.Request, one.Target)
                && !one.Engine!.Devices.Any(device => device.IsGpu)
            )
        )
        {
            error.WriteLine(
                $"Warning: a GPU was asked for and none is used: llama.cpp of {engine!.LibraryFolder} sees {string.Join(", ", engine.Devices.Select(device => device.Name))}"
            );
        }
    }

    /// <summary>What <c>inspect</c> warns of and every row of the file bears as a flag; one line for all files that have it.</summary>
    public static void SayWhatHeadersWarnOf(RunPlan plan, TextWriter error)
    {
        const int mostNames = 3;
        var warnings =
            from file in plan.Files
            where file is { Header: not null, Barred: null }
            from problem in file.Header!.Problems
            let flag = ModelFacts.FlagOf(problem)
            where flag is not null
            group RunProgress.NameOf(file.Facts, null) by (flag, problem.Message);
        foreach (var warning in warnings)
        {
            var names = warning.ToList();
            var more = names.Count > mostNames ? $" and {names.Count - mostNames} more" : "";
            error.WriteLine(
                $"Warning: {string.Join(", ", names.Take(mostNames))}{more}: {warning.Key.Message.TrimEnd('.')} (flag {warning.Key.flag})"
            );
        }
    }

    /// <summary>What a spreadsheet will cut; the files have it whole.</summary>
    public static void SayWhatIsLong(IReadOnlyList<LongCells> cells, TextWriter error)
    {
        foreach (var table in cells.GroupBy(column => column.Table))
        {
            var columns = table.Select(column => $"{column.Count} of {column.Column}");
            error.WriteLine(
                $"Warning: {table.Key}.csv has cells longer than the {CsvProfile.Excel.MaxCellChars:N0} characters that Excel keeps ({string.Join(", ", columns)}): opened there they are cut; other programs read them whole, best with --csv {CsvProfile.Data.Name}"
            );
        }
    }

    /// <summary>What manifest or name say against a file's header, and what is compared or not, and why.</summary>
    public static void SayWhatIsLike(RunPlan plan, TextWriter error)
    {
        foreach (var file in plan.Files)
        {
            foreach (var note in file.Notes)
            {
                error.WriteLine($"Warning: {RunProgress.NameOf(file.Facts, null)}: {note}");
            }
        }
        foreach (var note in plan.Notes)
        {
            error.WriteLine(note);
        }
    }

    /// <summary>A manifest names more than a disk holds; one line for all of it, and the rows say where to get each.</summary>
    public static void SayWhatIsNotHere(RunPlan plan, TextWriter error)
    {
        var missing = plan.Files.Where(file => file.Barred?.Status == RowStatus.NotHere).ToList();
        if (missing.Count > 0)
        {
            error.WriteLine(
                $"{missing.Count} of {plan.Files.Count} files are not here; files.csv says where to get each (the first: {missing[0].Barred!.Value.Reason})"
            );
        }
    }

    /// <summary>Which files got other input than the one they are held against.</summary>
    public static void SayOtherInputs(IReadOnlyList<CompareRow> contrasts, TextWriter error)
    {
        foreach (var line in LadderSection.OtherInputs(contrasts))
        {
            error.WriteLine($"Warning: {line}");
        }
    }

    /// <summary>Prints one screen on stdout; where it is to be quiet, the path of the run's folder.</summary>
    public static void Show(
        RunSummary summary,
        ReportRows rows,
        RunFolder folder,
        bool quiet,
        UserTerminal terminal
    )
    {
        if (quiet)
        {
            terminal.Data.WriteLine(folder.Path);
            return;
        }
        var findings = new RunFindings(summary, rows);
        terminal.Out.Write(new FirstScreen(summary, findings, rows, terminal.Style).Render());
        // A shard has none.
        var report = Path.Combine(folder.Path, "report.html");
        terminal.Out.WriteLine(
            File.Exists(report) ? $"Report: {report}" : "Word by word: echo.csv"
        );
        terminal.Out.WriteLine($"Files:  {folder.Path}");
    }
}
