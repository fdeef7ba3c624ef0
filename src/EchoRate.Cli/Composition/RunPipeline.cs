using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>Carries a run out: measure every file, render the CSV files, show the tables, answer the exit code.</summary>
/// <param name="terminal">The user's terminal.</param>
/// <param name="targets">Brings what files are measured on.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="hashMemory">Knows model files that were read before; null for none.</param>
internal sealed class RunPipeline(
    UserTerminal terminal,
    TargetFinder targets,
    TimeProvider clock,
    HashMemory? hashMemory
)
{
    /// <summary>Most sequences in one batch: what llama.cpp's contexts hold.</summary>
    public const int MostSequences = 256;

    /// <summary>Where a run's folder will be: where it was asked for, else <c>runs/&lt;date&gt;-&lt;time&gt;</c>.</summary>
    public string PathOf(string? named) =>
        named is null
            ? RunFolder.DefaultPath(terminal.WorkingFolder, clock.GetLocalNow())
            : Path.GetFullPath(named, terminal.WorkingFolder);

    /// <summary>
    /// Makes the run's folder, last of all preparations: whoever lacks llama.cpp's libraries is not left with an empty one, and nobody
    /// waits for them only to hear that the folder is taken.
    /// </summary>
    /// <param name="path">Where it is, or will be.</param>
    /// <param name="plan">The run; one that is gone on with has its folder.</param>
    /// <param name="cancellation">Stops on request.</param>
    public async Task<RunFolder> OpenFolderAsync(
        string path,
        RunPlan plan,
        CancellationToken cancellation
    )
    {
        var exists = plan.Earlier is not null;
        if (!exists)
        {
            RunFolder.RequireNew(path);
        }
        plan.Gpu.Check(await ReadyAsync(plan, cancellation));
        return exists ? RunFolder.OpenToWrite(path) : RunFolder.Create(path);
    }

    /// <summary>Makes sure that targets can be measured on, before work is done for them.</summary>
    public Task RequireAsync(IReadOnlyList<RunTarget> wanted, CancellationToken cancellation) =>
        targets.ReadyAsync(wanted, inProcess: false, cancellation);

    /// <summary>Runs the plan.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(RunPlan plan, CancellationToken cancellation)
    {
        using var folder = plan.Folder;
        plan = InOrder(plan);
        var ready = await ReadyAsync(plan, cancellation);
        SayWhatComputes(ready);
        SayWithoutGpu(plan, ready);
        var now = Describe(plan, ready) with
        {
            Plans = plan.Earlier is { Plans.Count: > 0 } ? [] : RunPlanner.Plan(plan, ready),
        };
        var info = Begun(plan, now);
        plan = plan with { Jobs = Touched(plan.Jobs, info.Files, now.Files) };
        info.Write(plan.Folder.InfoPath);
        SayWhatIsNotHere(plan);
        foreach (var planned in info.Plans)
        {
            await terminal.Error.WriteLineAsync(planned.Explanation);
        }
        var measurers = TargetFinder.Measurers(plan, ready);

        try
        {
            Measure(plan, measurers, info.Plans, cancellation);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync(
                $"Interrupted; the rows measured so far are in {Path.Combine(plan.Folder.Path, "rows")}"
                    + (
                        plan.CanResume
                            ? $"; go on with: echorate run --resume --out {Quoted(plan.Folder.Path)}"
                            : ""
                    )
            );
            return ExitCode.Interrupted;
        }
        return new RunEnding(terminal, clock).Finish(plan.Folder, info, plan.Profile);
    }

    // A run that is gone on with stays the run that it was, down to the command line.
    private RunInfo Begun(RunPlan plan, RunInfo now)
    {
        if (plan.Earlier is not { } earlier)
        {
            return now;
        }
        RequireSame(plan.Folder.Path, earlier, now);
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
            Resumed = [.. earlier.Resumed, clock.GetLocalNow()],
        };
    }

    /// <summary>Refuses to go on with a run that was begun with something else.</summary>
    /// <exception cref="RunDiffersException">What differs.</exception>
    public static void RequireSame(string path, RunInfo was, RunInfo now)
    {
        if (RunDifferences.ForResuming(was, now) is { Count: > 0 } differences)
        {
            throw new RunDiffersException(
                $"{path}: the run was begun with something else: {string.Join("; ", differences)}"
            );
        }
    }

    /// <summary>A plan whose files stand in the order in which they run.</summary>
    public static RunPlan InOrder(RunPlan plan) =>
        plan with
        {
            Jobs = new Ladders(plan.Reference).Order(plan.Jobs, job => job.Facts),
        };

    // Libraries are fetched only for a run that has something to load.
    private async Task<IReadOnlyList<ReadyTarget>> ReadyAsync(
        RunPlan plan,
        CancellationToken cancellation
    ) =>
        plan.Jobs.Any(job => job.Barred is null)
            ? await targets.ReadyAsync(plan.Targets, plan.InProcess, cancellation)
            : plan.Asked;

    private void Measure(
        RunPlan plan,
        IReadOnlyList<TargetMeasurer> measurers,
        IReadOnlyList<FilePlan> plans,
        CancellationToken cancellation
    )
    {
        var work = new RunWork
        {
            Folder = plan.Folder,
            Files = plan.Jobs,
            Targets = measurers,
            Request = plan.Request,
            Selection = plan.Shard is { } shard
                ? new RowSelection(0, shard.Number - 1, shard.Count)
                : RowSelection.Whole,
            Sequences = plan.Sequences ?? MostSequences,
            Threads = plan.Threads,
            // Shards keep the width of the whole run, whatever memory the machine of each has free: batches of other widths do not merge.
            IsMemoryWeighed = plan.Sequences is null && plan.Shard is null,
            Plans = plans,
            HashMemory = hashMemory,
        };
        LiveProgress.Show(
            terminal,
            progress =>
            {
                RunLoop.Run(work, progress, cancellation);
                return true;
            }
        );
    }

    // As a shell takes it.
    private static string Quoted(string path) => path.Contains(' ') ? $"\"{path}\"" : path;

    private static bool IsNotHere(FileJob job) => job.Barred?.Status == RowStatus.NotHere;

    // The first line of a run: llama.cpp, backend, devices; and why not a GPU where there is one.
    private void SayWhatComputes(IReadOnlyList<ReadyTarget> ready)
    {
        foreach (var (target, engine) in ready)
        {
            if (engine is null)
            {
                continue;
            }
            var devices = TargetFinder
                .DevicesOf(target.Backend, engine)
                .Where(device => device.IsGpu == (target.Backend != "cpu"))
                .Where(device => target.Device is null || device.Name == target.Device)
                .Select(device => device.DisplayName);
            terminal.Error.WriteLine(
                $"{engine.Name} {engine.Version} ({engine.Report.Libraries}) on {target.Backend}: {string.Join(", ", devices)}"
            );
        }
        foreach (var passed in ready.SelectMany(target => target.PassedOver).Distinct())
        {
            terminal.Error.WriteLine($"{passed}; `echorate doctor` says what to do");
        }
    }

    // Whoever asks for a GPU should not have to find in a column that none was used.
    private void SayWithoutGpu(RunPlan plan, IReadOnlyList<ReadyTarget> ready)
    {
        foreach (
            var (_, engine) in ready.Where(target =>
                plan.Gpu.IsGpuWanted(target.Target)
                && target.Engine?.Report.Devices.Any(device => device.IsGpu) == false
            )
        )
        {
            terminal.Error.WriteLine(
                $"Warning: a GPU was asked for and none is used: llama.cpp of {engine!.Report.LibraryFolder} sees {string.Join(", ", engine.Report.Devices.Select(device => device.Name))}"
            );
        }
    }

    // A manifest names more than a disk holds; one line for all of it, and the rows say where to get each.
    private void SayWhatIsNotHere(RunPlan plan)
    {
        var missing = plan.Jobs.Where(IsNotHere).ToList();
        if (missing.Count > 0)
        {
            terminal.Error.WriteLine(
                $"{missing.Count} of {plan.Jobs.Count} files are not here; files.csv says where to get each (the first: {missing[0].Barred!.Value.Reason})"
            );
        }
    }

    /// <summary>The provenance of a plan, as it would be begun now.</summary>
    public RunInfo Describe(RunPlan plan, IReadOnlyList<ReadyTarget> ready) =>
        new()
        {
            SchemaVersion = RunInfo.CurrentSchemaVersion,
            RunId = plan.Folder.RunId,
            EchorateVersion = Surroundings.ProgramVersion,
            Arguments = plan.Arguments,
            WorkingFolder = plan.WorkingFolder,
            Shard = plan.Shard,
            Seed = plan.Seed,
            Reference = plan.Reference,
            CsvProfile = plan.Profile.Name,
            Arms = [.. plan.Request.Arms.Select(arm => arm.Name)],
            ItemSets = [.. plan.Request.ItemSets.Select(set => set.Name)],
            PromptSets = [.. plan.Request.PromptSets.Select(set => set.Name)],
            ContinueTokens = plan.Request.ContinueTokens,
            NeutralWords = plan.Request.Neutral.Count,
            Threads = plan.Threads,
            Sequences = plan.Sequences ?? MostSequences,
            Inputs = plan.Inputs,
            Manifest = plan.Manifest,
            Files = [.. plan.Jobs.Select(Described)],
            Targets =
            [
                .. ready.Select(target => RunInfo.TargetInfo.Of(target.Target, target.Engine)),
            ],
            Machine = Surroundings.Machine,
            Started = clock.GetLocalNow(),
        };

    // The files are the same (RequireSame); whether their content is, their size and time tell.
    private static IReadOnlyList<FileJob> Touched(
        IReadOnlyList<FileJob> jobs,
        IReadOnlyList<RunInfo.FileInfo> was,
        IReadOnlyList<RunInfo.FileInfo> now
    ) =>
        [
            .. jobs.Select(
                (job, index) =>
                    job with
                    {
                        IsTouched =
                            !was[index].Bytes.SequenceEqual(now[index].Bytes)
                            || !was[index].Modified.SequenceEqual(now[index].Modified),
                    }
            ),
        ];

    private static RunInfo.FileInfo Described(FileJob job)
    {
        var parts = job.Parts.Select(part => new FileInfo(part.Path)).ToList();
        return new RunInfo.FileInfo(
            job.Facts.Model,
            job.Facts.Quantization,
            [.. job.Parts.Select(part => part.Path)],
            [.. parts.Select(part => part.Exists ? part.Length : 0)],
            [.. parts.Select(part => new DateTimeOffset(part.LastWriteTimeUtc))]
        )
        {
            Source = FileSource.Of(job),
        };
    }
}
