using EchoRate.Core.Files;
using EchoRate.Core.Text;
using EchoRate.Reports.Page;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Rendering;

/// <summary>Writes report.html and report.md into a run's folder.</summary>
/// <param name="folder">The run.</param>
/// <param name="info">Where its numbers come from.</param>
public sealed class ReportWriter(RunFolder folder, RunInfo info)
{
    /// <summary>The page that people open.</summary>
    public string HtmlPath => Path.Combine(folder.Path, "report.html");

    private string MarkdownPath => Path.Combine(folder.Path, "report.md");

    /// <summary>Writes both.</summary>
    /// <param name="summary">What the run adds up to.</param>
    /// <param name="rows">What was kept of its rows.</param>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public void Write(RunSummary summary, ReportRows rows) =>
        Write(RunReport.Of(new ReportInput(summary, rows, Origin())));

    /// <summary>Writes both, of a look.</summary>
    /// <param name="sections">What was found.</param>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    public void Write(IReadOnlyList<ReportSection> sections) =>
        Write(RunReport.Of(Origin(), sections));

    private void Write(ReportDocument document) =>
        RunRenderer.Guard(
            folder,
            "the reports",
            () =>
            {
                AtomicFile.Write(HtmlPath, HtmlPage.Render(document));
                AtomicFile.Write(MarkdownPath, MarkdownPage.Render(document));
                return document;
            }
        );

    private ReportOrigin Origin()
    {
        List<(string, string)> facts =
        [
            ("Run", info.RunId),
            ("Program", $"EchoRate {info.EchorateVersion}"),
            ("Folder it was started in", info.WorkingFolder),
            ("Begun", Time(info.Started)),
            .. info.Resumed.Select(time => ("Gone on with", Time(time))),
            ("Ended", info.Finished is { } end ? Time(end) : "not finished"),
            .. info.MergedFrom.Select(part =>
                ($"Shard {part.Shard}", $"{part.RunId} on {Machine(part.Machine)}")
            ),
            ("Machine", Machine(info.Machine)),
            .. info.Targets.Select(target => ("Engine", Engine(target))),
            ("Sets of words", string.Join(", ", info.ItemSets)),
            ("Sets of prompts", string.Join(", ", info.PromptSets)),
            .. info.Inputs.Select(input => ("Input file", $"{input.Path}, sha256 {input.Sha256}")),
            .. info.Manifest is { } manifest
                ? [("Manifest", $"{manifest.Path}, sha256 {manifest.Sha256}")]
                : Array.Empty<(string, string)>(),
            ("Seed", info.Options["seed"]?.ToString() ?? ""),
        ];
        return new ReportOrigin(
            info.RunId,
            info.Finished is not null,
            facts,
            "echorate " + string.Join(' ', info.Arguments.Select(TerminalText.ForShell))
        );
    }

    private static string Engine(TargetInfo target) =>
        string.Join(
            ", ",
            (
                (string?[])
                    [
                        $"{target.Engine} {target.Version} on {target.Backend}",
                        target.GgmlVersion is { } ggml ? $"ggml {ggml}" : null,
                        target.CpuLibrary,
                        target.Plugin?.DisplayName,
                        .. target.Devices.Select(EngineInfo.NameOf),
                    ]
            ).OfType<string>()
        );

    private static string Machine(RunInfo.MachineInfo machine) =>
        $"{machine.System}, {machine.Architecture}, {machine.LogicalProcessors} processors, {machine.Runtime}";

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz");
}
