using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Core.Files;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Rendering;
using Spectre.Console;

namespace EchoRate.Cli.Composition;

/// <summary>Carries a run out: measure every file, render the CSV files, show the tables, answer the exit code.</summary>
internal sealed class RunPipeline(
    UserTerminal terminal,
    TargetFinder targets,
    KnownHashes knownHashes
)
{
    // Of every set in every arm, as many rows as tell a tenth of them from a fifth, for at most two fifths of a default run's time.
    private const int CheckedItems = 256;
    private const int CheckedPrompts = 20;

    /// <summary>Where a run's folder will be: where it was asked for, else <c>runs/&lt;date&gt;-&lt;time&gt;</c>.</summary>
    public string PathOf(string? named) =>
        named is null
            ? RunFolder.DefaultPath(terminal.WorkingFolder, DateTimeOffset.Now)
            : Path.GetFullPath(named, terminal.WorkingFolder);

    /// <summary>Makes sure that targets can be measured on, before work is done for them.</summary>
    public Task RequireAsync(IReadOnlyList<RunTarget> wanted) =>
        targets.ReadyAsync(wanted, inProcess: false, terminal.Cancellation);

    /// <summary>Runs a plan, in a folder that may be made already.</summary>
    public async Task<int> RunAsync(RunPlan plan, RunFolder? made)
    {
        var path = PathOf(plan.Request.Out);
        if (made is null && plan.Earlier is null)
        {
            RunFolder.RequireNew(path);
        }
        var ready = plan.Files.Any(file => file.Barred is null)
            ? await targets.ReadyAsync(plan.Targets, plan.Request.InProcess, terminal.Cancellation)
            : plan.Asked;
        GpuOptions.Check(plan.Request, ready);
        // Last of all preparations: who lacks the libraries is not left with an empty folder.
        using var folder =
            made ?? (plan.Earlier is null ? RunFolder.Create(path) : RunFolder.OpenToWrite(path));
        RunWords.SayWhatComputes(plan, ready, terminal.Error);
        RunWords.SayWhatHeadersWarnOf(plan, terminal.Error);
        RunWords.SayWhatIsLike(plan, terminal.Error);
        var now = Describe(plan, ready, folder) with
        {
            Plans = plan.Earlier is { Plans.Count: > 0 } ? [] : RunPlanner.Plan(plan, ready),
        };
        // A header holds its whole vocabulary, and nobody asks for it any more.
        plan = plan with
        {
            Files = [.. plan.Files.Select(file => file with { Header = null })],
        };
        var info = Begun(plan.Earlier, now, folder);
        info.Write(folder.InfoPath);
        RunWords.SayWhatIsNotHere(plan, terminal.Error);
        foreach (var planned in info.Plans)
        {
            await terminal.Error.WriteLineAsync(planned.Explanation);
        }
        try
        {
            await MeasureAsync(plan, info, now, ready, folder);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync(Interrupted(plan, folder));
            return ExitCode.Interrupted;
        }
        return plan.Look is { } look
            ? Finish(folder, info, plan.Request, look)
            : Finish(folder, info, plan.Request.Quiet);
    }

    /// <summary>Renders the journals of a folder, all of them complete, shows the tables, and closes the run's provenance.</summary>
    public int Finish(RunFolder folder, RunInfo info, bool quiet)
    {
        var request = RequestJson.Read<RunRequest>(info.Options);
        var rows = new ReportRows();
        var (all, measured) = (0L, 0L);
        var comparer = new RunComparer(request.Reference, request.Seed);
        var summary = new RunRenderer(folder, request.Csv, comparer).Render(
            (file, row) =>
            {
                all++;
                measured += row.Status.IsMeasurement() ? 1 : 0;
                rows.See(file, row);
            },
            withContrasts: info.Shard is null
        );
        info = info with { LongCells = summary.LongCells, Finished = DateTimeOffset.Now };
        var report = new ReportWriter(folder, info);
        if (info.Shard is null)
        {
            report.Write(summary, rows);
        }
        // Last of all: whoever reads `finished` finds every file whole.
        info.Write(folder.InfoPath);
        var isShown = false;
        try
        {
            RunWords.Show(summary, rows, folder, quiet, terminal);
            isShown = true;
        }
        finally
        {
            // Also where stdout takes no table: the files are whole.
            RunWords.SayOtherInputs(summary.Contrasts, terminal.Error);
            if (!isShown)
            {
                terminal.Error.WriteLine($"CSV files: {folder.Path}");
            }
            RunWords.SayWhatIsLong(summary.LongCells, terminal.Error);
        }
        if (info.Shard is { } shard)
        {
            terminal.Error.WriteLine(
                $"These are the rows of shard {shard}; echorate merge makes one run of all {shard.Count}"
            );
        }
        // More shards than batches: one that had nothing to do has done it.
        return all == 0 && info.Shard is not null ? ExitCode.Done
            : measured == 0 ? ExitCode.NothingMeasured
            : measured < all || summary.Files.Any(file => !file.File.Status.IsMeasurement())
                ? ExitCode.SomeFailed
            : ExitCode.Done;
    }

    // The same for rows that show where an echo lives.
    private int Finish(RunFolder folder, RunInfo info, RunRequest request, LookReport look)
    {
        var (code, sections) = look.Write(folder, request.Csv);
        info = info with { Finished = DateTimeOffset.Now };
        var report = new ReportWriter(folder, info);
        report.Write(sections);
        info.Write(folder.InfoPath);
        try
        {
            terminal.Out.Write(ScreenPage.Render(sections, terminal.Style));
        }
        finally
        {
            terminal.Error.WriteLine($"Report: {report.HtmlPath}");
            terminal.Error.WriteLine($"CSV files: {folder.Path}");
        }
        return code;
    }

    /// <summary>Refuses to go on with a run that was begun with something else.</summary>
    /// <exception cref="RunDiffersException">What differs.</exception>
    public void RequireSame(RunPlan plan)
    {
        var path = PathOf(plan.Request.Out);
        RequireSame(path, plan.Earlier!, Describe(plan, plan.Asked, RunFolder.At(path)));
    }

    private static void RequireSame(string path, RunInfo was, RunInfo now)
    {
        if (RunDifferences.ForResuming(was, now) is { Count: > 0 } differences)
        {
            throw new RunDiffersException(
                $"{path}: the run was begun with something else: {string.Join("; ", differences)}"
            );
        }
    }

    // A run that is gone on with stays the run that it was, down to the command line.
    private static RunInfo Begun(RunInfo? earlier, RunInfo now, RunFolder folder)
    {
        if (earlier is null)
        {
            return now;
        }
        RequireSame(folder.Path, earlier, now);
        return earlier with
        {
            Targets =
            [
                .. earlier.Targets.Zip(
                    now.Targets,
                    (was, found) => was.Version is null ? found : was
                ),
            ],
            Plans = earlier.Plans.Count > 0 ? earlier.Plans : now.Plans,
            Resumed = [.. earlier.Resumed, DateTimeOffset.Now],
        };
    }

    private async Task MeasureAsync(
        RunPlan plan,
        RunInfo info,
        RunInfo now,
        IReadOnlyList<ReadyTarget> ready,
        RunFolder folder
    )
    {
        var request = plan.Request;
        var shard = request.Shard;
        var work = new RunWork
        {
            Folder = folder,
            Files = Touched(plan.Files, info.Files, now.Files),
            Targets = TargetFinder.Measurers(request, ready),
            Request = plan.Probes,
            Selection = shard is null
                ? RowSelection.Whole
                : new RowSelection(0, shard.Number - 1, shard.Count),
            Sequences = Math.Min(
                request.Sequences ?? LoadOptions.MostSequences,
                LoadOptions.MostSequences
            ),
            Check = request is { NoCheck: false, Arithmetic: not ArithmeticChoice.Both }
                ? new RowSample(CheckedItems, CheckedPrompts, request.Seed)
                : null,
            Threads = request.Threads ?? 0,
            // Shards keep the width of the whole run, whatever memory the machine of each has free: batches of other widths do not merge.
            IsMemoryWeighed = request.Sequences is null && shard is null,
            Plans = info.Plans,
            KnownHashes = knownHashes,
        };
        await ProgressBars.ShowAsync(
            terminal,
            [new ElapsedTimeColumn(), new RemainingTimeColumn()],
            (say, bars) =>
            {
                RunLoop.Run(
                    work,
                    new RunProgress(say, TimeProvider.System, bars),
                    terminal.Cancellation
                );
                return Task.FromResult(true);
            }
        );
    }

    private static string Interrupted(RunPlan plan, RunFolder folder)
    {
        var rows =
            $"Interrupted; the rows measured so far are in {Path.Combine(folder.Path, "rows")}";
        return plan.Arguments is ["demo", ..]
            ? rows
            : $"{rows}; go on with: {OwnProgram.Spoken} {plan.Arguments[0]} --resume --out {TerminalText.ForShell(folder.Path)}";
    }

    // The provenance of a plan, as it would be begun now.
    private RunInfo Describe(RunPlan plan, IReadOnlyList<ReadyTarget> ready, RunFolder folder) =>
        new()
        {
            SchemaVersion = RunInfo.CurrentSchemaVersion,
            RunId = folder.RunId,
            EchorateVersion = RunInfo.ProgramVersion,
            Arguments = plan.Arguments,
            WorkingFolder = terminal.WorkingFolder,
            Options = plan.Options ?? RequestJson.Write(plan.Request),
            Shard = plan.Request.Shard,
            ItemSets = [.. plan.Probes.ItemSets.Select(set => set.Name)],
            PromptSets = [.. plan.Probes.PromptSets.Select(set => set.Name)],
            Inputs = plan.Inputs,
            Manifest = plan.Manifest,
            Files = [.. plan.Files.Select(RunInfo.FileInfo.Of)],
            Targets = [.. ready.Select(target => TargetInfo.Of(target.Target, target.Engine))],
            Machine = RunInfo.MachineInfo.Here,
            Started = DateTimeOffset.Now,
        };

    // The files are the same (RequireSame); whether their content is, their size and time tell.
    private static IReadOnlyList<FileJob> Touched(
        IReadOnlyList<FileJob> files,
        IReadOnlyList<RunInfo.FileInfo> was,
        IReadOnlyList<RunInfo.FileInfo> now
    ) =>
        [
            .. files.Select(
                (file, index) =>
                    file with
                    {
                        IsTouched =
                            !was[index].Bytes.SequenceEqual(now[index].Bytes)
                            || !was[index].Modified.SequenceEqual(now[index].Modified),
                    }
            ),
        ];
}
