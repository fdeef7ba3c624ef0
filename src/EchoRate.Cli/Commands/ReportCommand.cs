using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Reports.Page;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Rendering;

namespace EchoRate.Cli.Commands;

internal sealed record ReportRequest : ICommandParameterSet
{
    [Argument("RUN_DIR", Description = "Folder of a run")]
    public string Folder { get; init; } = "";
}

/// <summary><c>echorate report</c>: makes report.html and report.md anew from a run's rows and run.json; no model is loaded.</summary>
internal sealed class ReportCommand(UserTerminal terminal)
{
    [Command("report", Description = "Make report.html and report.md again from a run's rows")]
    public Task<int> RunAsync(ReportRequest request)
    {
        using var folder = EarlierRun.Open(request.Folder, "report", terminal, out var info);
        var was = RequestJson.Read<RunRequest>(info.Options);
        var rows = new ReportRows();
        var summary = new RunRenderer(
            folder,
            was.Csv,
            new RunComparer(was.Reference, was.Seed)
        ).Read(rows.See);
        var writer = new ReportWriter(folder, info);
        writer.Write(summary, rows);
        terminal.Error.WriteLine($"Report: {writer.HtmlPath}");
        return Task.FromResult(ExitCode.Done);
    }
}
