using System.Diagnostics;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Commands;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>
/// Carries out a look at model files: each measured in this process, on the CPU, in each arithmetic asked for; the rows go straight into the CSV
/// file, which has its name when all are there.
/// </summary>
/// <param name="terminal">The user's terminal.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="hashMemory">Knows model files that were read before; null for none.</param>
/// <param name="words">The command line, as run.json keeps it.</param>
/// <param name="cancellation">Stops on request; nothing is kept then.</param>
internal sealed class Looking(
    UserTerminal terminal,
    TimeProvider clock,
    HashMemory? hashMemory,
    IReadOnlyList<string> words,
    CancellationToken cancellation
)
{
    private static readonly TimeSpan _saysEvery = TimeSpan.FromSeconds(20);

    /// <summary>Measures all files and writes the folder.</summary>
    /// <returns>The exit code.</returns>
    public int Run<TRow>(LookingRequest request, Look<TRow> look)
        where TRow : EchoRow
    {
        if (request is { Files.Length: 0, Models.Length: 0, Manifest: null })
        {
            throw new UsageException(
                "name a model file, FILE.gguf, or a model of the manifest with --model NAME"
            );
        }
        var (files, manifest) = ModelFiles.Find(
            [.. request.Files.Select(path => Path.GetFullPath(path, terminal.WorkingFolder))],
            "FILE.gguf",
            new(request.Manifest, request.Models, request.Quants),
            terminal.WorkingFolder
        );
        var path = request.Out is null
            ? RunFolder.DefaultPath(terminal.WorkingFolder, clock.GetLocalNow())
            : Path.GetFullPath(request.Out, terminal.WorkingFolder);
        RunFolder.RequireNew(path);
        var engine = Engines.Load(Engines.DefaultTarget);
        using var folder = RunFolder.Create(path);
        var info = Describe(request, look, files, manifest, folder.RunId, engine);
        info.Write(folder.InfoPath);
        using var lines = new CsvFileSet<RowLine<TRow>>(
            folder.Path,
            look.Table,
            request.Csv,
            look.Columns
        );
        using var records = new CsvFileSet<FileLine>(
            folder.Path,
            FilesCsv.Table,
            request.Csv,
            FilesCsv.Columns
        );
        var hashes = new ModelHashes(files, hashMemory);
        var job = new Job<TRow>(look, folder, engine, lines, request.Threads ?? 0)
        {
            HasBoth = KindsOf(request).Count > 1,
        };
        var jobs = (from file in files from kind in KindsOf(request) select (file, kind)).ToList();
        LiveProgress.Show(
            terminal,
            progress =>
            {
                foreach (var (index, (file, kind)) in jobs.Index())
                {
                    progress.Begin(
                        file.Facts,
                        null,
                        index + 1,
                        jobs.Count,
                        look.RowCount(file.Facts)
                    );
                    var record = Measure(job, file, kind, hashes, progress);
                    records.Write(new FileLine(folder.RunId, record));
                    progress.End(record);
                }
                return true;
            }
        );
        records.Finish();
        lines.Complete();
        records.Complete();
        look.WriteMore(folder.Path);
        (info with { Finished = clock.GetLocalNow() }).Write(folder.InfoPath);
        terminal.Error.WriteLine($"CSV files: {folder.Path}");
        return job.Measured == 0 ? ExitCode.NothingMeasured
            : job.Failed > 0 ? ExitCode.SomeFailed
            : ExitCode.Done;
    }

    private static IReadOnlyList<Arithmetic> KindsOf(LookingRequest request) =>
        request.Arithmetic switch
        {
            null => [Arithmetic.Exact],
            { Only: { } only } => [only],
            _ => [Arithmetic.Exact, Arithmetic.Library],
        };

    private FileRecord Measure<TRow>(
        Job<TRow> job,
        FileJob file,
        Arithmetic kind,
        ModelHashes hashes,
        IRunProgress progress
    )
        where TRow : EchoRow
    {
        var record = new FileRecord
        {
            Facts = file.Facts,
            Engine = job.Engine.Name,
            EngineVersion = job.Engine.Version,
            Libraries = job.Engine.Report.Libraries,
            Status = RowStatus.Ok,
            Flags = file.Facts.Flags,
        };
        if (file.Barred is { } barred)
        {
            return job.Fail(record, barred.Status, barred.Reason);
        }
        if (!hashes.TryCompute(file, cancellation, out var sha256, out var wrong))
        {
            return job.Fail(record, RowStatus.Failed, wrong);
        }
        record = record with { Facts = file.Facts with { Sha256 = sha256 } };
        var stem = RunFolder.Stem(
            ++job.Files,
            record.Facts.Model,
            record.Facts.Label,
            kind == Arithmetic.Exact ? "exact" : "library"
        );
        using var log = new StreamWriter(job.Folder.LogPath(stem));
        try
        {
            return Probe(job, record, kind, TextWriter.Synchronized(log).WriteLine, progress);
        }
        catch (EngineException e)
        {
            return job.Fail(record, RowStatus.Failed, e.Message);
        }
    }

    private FileRecord Probe<TRow>(
        Job<TRow> job,
        FileRecord record,
        Arithmetic kind,
        Action<string> log,
        IRunProgress progress
    )
        where TRow : EchoRow
    {
        var watch = Stopwatch.StartNew();
        var load = job.Look.Plan(record.Facts) with
        {
            Threads = job.Threads,
            IsExact = kind == Arithmetic.Exact,
            MetadataOverrides = record.Facts.Overrides(),
            Log = log,
        };
        using var session = job.Engine.Load(record.Facts.Path!, load);
        record = record.Loaded(session, watch.Elapsed.TotalMilliseconds);
        watch.Restart();
        var context = new ProbeContext(record.Facts, session) { Flags = record.Flags };
        var (rows, most) = (0L, job.Look.RowCount(record.Facts));
        var said = TimeSpan.Zero;
        try
        {
            foreach (var row in job.Look.Measure(context))
            {
                job.Write(record, row);
                progress.Rows(++rows);
                if (watch.Elapsed - said > _saysEvery)
                {
                    said = watch.Elapsed;
                    progress.Say(
                        $"{rows} of {most} rows, about {said * ((double)(most - rows) / rows):h\\:mm\\:ss} left"
                    );
                }
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (EngineException e)
        {
            return job.Fail(record, RowStatus.Failed, e.Message);
        }
        return (record with { DecodeMs = watch.Elapsed.TotalMilliseconds }).WithSpeed(rows);
    }

    private RunInfo Describe<TRow>(
        LookingRequest request,
        Look<TRow> look,
        IReadOnlyList<FileJob> files,
        RunInfo.ManifestInfo? manifest,
        string runId,
        IEngine engine
    )
        where TRow : EchoRow =>
        new()
        {
            SchemaVersion = RunInfo.CurrentSchemaVersion,
            RunId = runId,
            EchorateVersion = Surroundings.ProgramVersion,
            Arguments = words,
            WorkingFolder = terminal.WorkingFolder,
            Options = RequestJson.Write(request),
            ItemSets = [.. look.Probes.ItemSets.Select(set => set.Name)],
            PromptSets = [.. look.Probes.PromptSets.Select(set => set.Name)],
            Inputs = look.Inputs,
            Manifest = manifest,
            Files = [.. files.Select(RunInfo.FileInfo.Of)],
            Targets = [RunInfo.TargetInfo.Of(Engines.DefaultTarget, EngineFacts.Of(engine))],
            Machine = Surroundings.Machine,
            Started = clock.GetLocalNow(),
        };

    // What all files of a look have in common, and how many rows came of it.
    private sealed record Job<TRow>(
        Look<TRow> Look,
        RunFolder Folder,
        IEngine Engine,
        CsvFileSet<RowLine<TRow>> Lines,
        int Threads
    )
        where TRow : EchoRow
    {
        /// <summary>Whether each file is measured in both kinds of arithmetic, so that its name alone does not tell.</summary>
        public bool HasBoth { get; init; }

        public int Files { get; set; }

        public long Measured { get; private set; }

        public long Failed { get; private set; }

        public void Write(FileRecord record, TRow row)
        {
            Measured += row.Status.IsMeasurement() ? 1 : 0;
            Failed += row.Status.IsMeasurement() ? 0 : 1;
            Lines.Write(new RowLine<TRow>(Folder.RunId, record, row));
            var name = $"{record.Facts.Model} {record.Facts.Label}".TrimEnd();
            Look.See(HasBoth ? $"{name} {record.Arithmetic}" : name, row);
        }

        // A row for each arm says why.
        public FileRecord Fail(FileRecord record, RowStatus status, string reason)
        {
            foreach (var row in Look.Probes.NeverStarted(status, reason).OfType<EchoRow>())
            {
                Write(record, Look.Blank(row));
            }
            return record with { Status = status, Reason = reason };
        }
    }
}
