using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Rendering;

namespace EchoRate.Cli.Composition;

/// <summary>Carries a run out: measure every file, render the CSV files, show the tables, answer the exit code.</summary>
internal sealed class RunPipeline(UserTerminal terminal, Engines engines, TimeProvider clock)
{
    /// <summary>Most sequences in one batch: what llama.cpp's contexts hold.</summary>
    private const int MostSequences = 256;

    /// <summary>Where a run's folder will be: where it was asked for, else <c>runs/&lt;date&gt;-&lt;time&gt;</c>.</summary>
    public string PathOf(string? named) =>
        named is null
            ? RunFolder.DefaultPath(terminal.WorkingFolder, clock.GetLocalNow())
            : Path.GetFullPath(named, terminal.WorkingFolder);

    /// <summary>
    /// Makes the run's folder, last of all preparations: whoever lacks llama.cpp's libraries is not left with an empty one, and nobody
    /// waits for them only to hear that the folder is taken.
    /// </summary>
    public async Task<RunFolder> OpenFolderAsync(
        string path,
        IReadOnlyList<FileJob> jobs,
        CancellationToken cancellation
    )
    {
        RunFolder.RequireNew(path);
        await EngineForAsync(jobs, cancellation);
        return RunFolder.Create(path);
    }

    /// <summary>Runs the plan.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(RunPlan plan, CancellationToken cancellation)
    {
        plan = plan with { Jobs = new Ladders(plan.Reference).Order(plan.Jobs, job => job.Facts) };
        var engine = await EngineForAsync(plan.Jobs, cancellation);
        var info = Describe(plan, engine);
        info.Write(plan.Folder.InfoPath);
        SayWhatIsNotHere(plan);

        try
        {
            Measure(plan, engine, cancellation);
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteLineAsync(
                $"Interrupted; the rows measured so far are in {Path.Combine(plan.Folder.Path, "rows")}"
            );
            return ExitCode.Interrupted;
        }
        (info with { Finished = clock.GetLocalNow() }).Write(plan.Folder.InfoPath);

        var tables = new RunTables();
        var summary = new RunRenderer(
            plan.Folder,
            plan.Profile,
            new RunComparer(plan.Reference, plan.Seed)
        ).Render(tables.See);
        await terminal.Out.WriteAsync(tables.Render(summary, plan.Request, terminal));
        await terminal.Error.WriteLineAsync($"CSV files: {plan.Folder.Path}");
        return CodeOf(summary, tables);
    }

    // Libraries are fetched only for a run that has something to load.
    private async Task<IEngine?> EngineForAsync(
        IReadOnlyList<FileJob> jobs,
        CancellationToken cancellation
    ) => jobs.Any(job => job.Barred is null) ? await engines.EngineAsync(cancellation) : null;

    private void Measure(RunPlan plan, IEngine? engine, CancellationToken cancellation)
    {
        using var references = new References(plan.Folder, plan.Request, plan.Jobs);
        var runner = new FileRunner(
            engine,
            Engines.Llama,
            plan.Folder,
            plan.Request,
            new LoadOptions { Sequences = MostSequences, Threads = plan.Threads },
            references
        );
        LiveProgress.Show(
            terminal,
            progress =>
            {
                foreach (var (index, job) in plan.Jobs.Index())
                {
                    if (IsNotHere(job))
                    {
                        runner.Run(index + 1, job, _ => { }, cancellation);
                        continue;
                    }
                    progress.Begin(
                        job.Facts,
                        index + 1,
                        plan.Jobs.Count,
                        plan.Request.RowCount(job.Facts)
                    );
                    progress.End(runner.Run(index + 1, job, progress.Rows, cancellation));
                }
                return true;
            }
        );
    }

    private static bool IsNotHere(FileJob job) => job.Barred?.Status == RowStatus.NotHere;

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

    private RunInfo Describe(RunPlan plan, IEngine? engine) =>
        new()
        {
            SchemaVersion = RunInfo.CurrentSchemaVersion,
            RunId = plan.Folder.RunId,
            EchorateVersion = Surroundings.ProgramVersion,
            Arguments = plan.Arguments,
            Seed = plan.Seed,
            Reference = plan.Reference,
            CsvProfile = plan.Profile.Name,
            Arms = [.. plan.Request.Arms.Select(arm => arm.Name)],
            ItemSets = [.. plan.Request.ItemSets.Select(set => set.Name)],
            PromptSets = [.. plan.Request.PromptSets.Select(set => set.Name)],
            ContinueTokens = plan.Request.ContinueTokens,
            Manifest = plan.Manifest,
            Files =
            [
                .. plan.Jobs.Select(job => new RunInfo.FileInfo(
                    job.Facts.Model,
                    job.Facts.Quantization,
                    [.. job.Parts.Select(part => part.Path)]
                )
                {
                    Source = FileSource.Of(job),
                }),
            ],
            Engine = engine is null
                ? null
                : new RunInfo.EngineInfo(
                    engine.Name,
                    engine.Version,
                    engine.Report.LibraryFolder,
                    engine.Report.CpuLibrary,
                    engine.Report.Devices
                ),
            Machine = Surroundings.Machine,
            Started = clock.GetLocalNow(),
        };

    private static int CodeOf(RunSummary summary, RunTables tables) =>
        tables.Measured == 0 ? ExitCode.NothingMeasured
        : tables.Unmeasured > 0 || summary.Files.Any(file => !file.File.Status.IsMeasurement())
            ? ExitCode.SomeFailed
        : ExitCode.Done;
}
