using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Rendering;

namespace EchoRate.Cli.Commands;

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
        using var folder = EarlierRun.Open(request.Folder, "compare", terminal, out var info);
        var reference = request.Reference;
        RunCommand.CheckReference(reference, info.Files);
        var was = RequestJson.Read<RunRequest>(info.Options);
        var contrasts = new RunRenderer(
            folder,
            request.Csv ?? was.Csv,
            new RunComparer(reference ?? was.Reference, was.Seed)
        ).RenderContrasts(info.RunId);
        try
        {
            var tables = LadderSection.Tables(contrasts);
            terminal.Out.Write(ScreenPage.Render(tables, terminal.Style with { Width = null }));
        }
        finally
        {
            RunWords.SayOtherInputs(contrasts, terminal.Error);
            terminal.Error.WriteLine($"compare.csv: {folder.Path}");
        }
        return Task.FromResult(ExitCode.Done);
    }
}
