using Cocona;
using EchoRate.Cli.CommandLine;
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

/// <summary>The options of <c>echorate compare</c>.</summary>
internal sealed record CompareRequest : ICommandParameterSet
{
    [Argument("RUN_DIR", Description = "Folder of a run")]
    public string Folder { get; init; } = "";

    [Option("reference", ValueName = "QUANT", Description = OptionTexts.Reference), HasDefaultValue]
    public string? Reference { get; init; }

    [Option(
        "csv",
        ValueName = "PROFILE",
        Description = CsvProfile.HelpText + " (default: the run's own)"
    )]
    [HasDefaultValue]
    public CsvProfile? Csv { get; init; }
}

/// <summary><c>echorate compare</c>: makes compare.csv and its table anew from a finished run's rows; no model is loaded.</summary>
internal sealed class CompareCommand(UserTerminal terminal)
{
    [Command(
        "compare",
        Description = "Make compare.csv again from a run's rows, against another reference if you like"
    )]
    public Task<int> RunAsync(CompareRequest request)
    {
        var path = Path.GetFullPath(request.Folder, terminal.WorkingFolder);
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
        var reference = request.Reference;
        RunCommand.CheckReference(reference, info.Files);
        var was = RequestJson.Read(info.Options);
        var contrasts = new RunRenderer(
            folder,
            request.Csv ?? was.Csv,
            new RunComparer(reference ?? was.Reference, was.Seed)
        ).RenderContrasts(info.RunId);
        var tables = RunTables.Contrasts(contrasts, terminal).ToList();
        try
        {
            foreach (var (title, table) in tables)
            {
                terminal.Out.Write(tables.Count > 1 ? $"{title}\n\n{table}\n" : table);
            }
        }
        finally
        {
            RunTables.SayOtherInputs(contrasts, terminal);
            terminal.Error.WriteLine($"compare.csv: {folder.Path}");
        }
        return Task.FromResult(ExitCode.Done);
    }
}
