using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Reports.Csv;
using EchoRate.Runs;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Rendering;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate compare</c>: makes compare.csv and its table anew from a finished run's rows; no model is loaded.</summary>
internal sealed class CompareCommand(UserTerminal terminal)
{
    private readonly Argument<string> _folder = new("RUN_DIR") { Description = "Folder of a run" };
    private readonly Option<string?> _reference = SharedOptions.Reference();
    private readonly Option<CsvProfile?> _csv = SharedOptions.CsvOfRun();

    /// <summary>The command, for the parser.</summary>
    public Command Build()
    {
        var command = new Command(
            "compare",
            "Make compare.csv again from a run's rows, against another reference if you like"
        )
        {
            _folder,
            _reference,
            _csv,
        };
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var path = Path.GetFullPath(parsed.GetRequiredValue(_folder), terminal.WorkingFolder);
        var info = RunInfo.Read(RunFolder.Open(path).InfoPath);
        using var folder = RunFolder.OpenToWrite(path);
        if (info.Shard is { } shard)
        {
            throw new RunException(
                $"{folder.Path}: shard {shard} of a run; compare the run that 'echorate merge' makes of all {shard.Count}"
            );
        }
        if (
            folder.Journals.Count == 0
            || (info.Finished is not null && folder.Journals.Count != info.JournalCount)
        )
        {
            throw new RunException(
                $"{folder.Path}: the run has {info.Extent} and its folder rows holds {folder.Journals.Count} of them"
            );
        }
        if (info.Finished is null)
        {
            terminal.Error.WriteLine(
                "echorate: this run did not finish: what follows rests on the rows that are there"
            );
        }
        var reference = parsed.GetValue(_reference);
        var present = info
            .Files.Select(file => file.Quantization)
            .OfType<string>()
            .Distinct()
            .ToList();
        if (reference is not null && !present.Contains(reference, StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException(
                $"{_reference.Name}: no file of this run is '{reference}'; there are: {string.Join(", ", present)}"
            );
        }
        var profile = parsed.GetValue(_csv) ?? ProfileOf(info);
        var contrasts = new RunRenderer(
            folder,
            profile,
            new RunComparer(reference ?? info.Reference, info.Seed)
        ).RenderContrasts(info.RunId);
        var tables = RunTables.Contrasts(contrasts, terminal).ToList();
        foreach (var (title, table) in tables)
        {
            terminal.Out.Write(tables.Count > 1 ? $"{title}\n\n{table}\n" : table);
        }
        terminal.Error.WriteLine($"compare.csv: {folder.Path}");
        return ExitCode.Done;
    }

    private static CsvProfile ProfileOf(RunInfo info) =>
        CsvProfile.TryParse(info.CsvProfile, out var profile) ? profile : CsvProfile.Excel;
}
