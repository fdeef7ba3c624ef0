using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;
using EchoRate.Tests.Core;
using EchoRate.Tests.Machine.Planning;
using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Runs;

/// <summary>
/// A ladder of two files, measured on engines whose logits are written here. The words echo, but for one on each target other than
/// the first, and for one more in the quantized file.
/// </summary>
internal sealed class ScriptedRun : IDisposable
{
    public static readonly RunTarget Cpu = new()
    {
        Engine = "llamasharp",
        Backend = "cpu",
        DeviceLabel = "cpu",
        Arithmetic = Arithmetic.Library,
    };

    public static readonly RunTarget Gpu = new()
    {
        Engine = "llamasharp",
        Backend = "vulkan",
        Plugin = "/vulkan",
        Device = "Vulkan0",
        DeviceLabel = "vulkan0",
    };

    public static readonly RunTarget SecondGpu = Gpu with
    {
        Device = "Vulkan1",
        DeviceLabel = "vulkan1",
    };

    public static readonly RunTarget[] All = [Cpu, Gpu, SecondGpu];

    private static readonly ProbeRequest Request = new()
    {
        ItemSets = [new WordSet("w", [new(" red"), new(" blue"), new(" green"), new(" Red")])],
        PromptSets = [],
    };

    private readonly TemporaryFolder _folder = new();

    public ScriptedRun(params string[] more) =>
        Jobs = [
            .. new[] { "F32", "Q8_0" }
                .Concat(more)
                .Select(quantization =>
                {
                    var path = _folder.Write(quantization + ".gguf", quantization);
                    return new FileJob
                    {
                        Facts = ScriptedModel.Facts() with
                        {
                            Path = path,
                            Quantization = quantization,
                            VocabularySize = Pieces.Length,
                            VocabularyHash = "v",
                        },
                        Parts = [new ModelPart(path)],
                    };
                }),
        ];

    public IReadOnlyList<FileJob> Jobs { get; set; }

    /// <summary>A quantization that no engine can load; null for none.</summary>
    public string? Broken { get; set; }

    /// <summary>The arithmetic that no engine can compute; null for none.</summary>
    public Arithmetic? BrokenArithmetic { get; set; }

    /// <summary>A quantization whose weights no engine can multiply exactly; null for none.</summary>
    public string? NotExact { get; set; }

    /// <summary>Whether the library's arithmetic changes one of the four answers of the quantized file.</summary>
    public bool IsRounding { get; set; }

    /// <summary>The rows that are measured in the other arithmetic too.</summary>
    public RowSample? Check { get; set; }

    /// <summary>What was said to the user.</summary>
    public List<string> Said { get; } = [];

    /// <summary>What measurers were asked for.</summary>
    public List<MeasureJob> Asked { get; } = [];

    /// <summary>Where files go.</summary>
    public IReadOnlyList<OffloadPlan> Plans { get; set; } = [];

    /// <summary>Another engine than the usual ones, for every target; null for those.</summary>
    public IEngine? Engine { get; set; }

    /// <summary>What the engines were asked to load: target, file, devices.</summary>
    public List<string> Loads { get; } = [];

    /// <summary>Opens or makes a run's folder.</summary>
    public RunFolder Folder(string name) =>
        Directory.Exists(_folder.At(name))
            ? RunFolder.At(_folder.At(name))
            : RunFolder.Create(_folder.At(name));

    /// <summary>Measures on some targets.</summary>
    /// <param name="name">The run's folder.</param>
    /// <param name="targets">The targets.</param>
    /// <param name="selection">Which rows; null for all.</param>
    /// <param name="stopAfter">After how many rows the run is cut off; null for none.</param>
    public RunFolder Measure(
        string name,
        RunTarget[] targets,
        RowSelection? selection = null,
        int? stopAfter = null
    )
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        var seen = 0;
        using var folder = Folder(name);
        var work = new RunWork
        {
            Folder = folder,
            Files = Jobs,
            Targets =
            [
                .. targets.Select(target => new TargetMeasurer(
                    target,
                    new Listening(new InProcessMeasurer(Engine ?? EngineOf(target)), Asked)
                )),
            ],
            Request = Request,
            Check = Check,
            Selection = selection ?? RowSelection.Whole,
            Sequences = 2,
            Threads = 1,
            Plans = Plans,
        };
        RunLoop.Run(work, new Progress(OnRow, Said), source.Token);
        return folder;

        void OnRow()
        {
            if (++seen == stopAfter)
            {
                source.Cancel();
            }
        }
    }

    /// <summary>The rows of each journal, as text, by the journal's name without its number.</summary>
    public static Dictionary<string, string[]> RowsOf(RunFolder folder) =>
        folder.Journals.ToDictionary(
            journal => Path.GetFileNameWithoutExtension(journal)[4..],
            RowLines
        );

    /// <summary>The lines of a journal that are rows.</summary>
    public static string[] RowLines(string journal) =>
        [.. File.ReadLines(journal).Where(line => !line.StartsWith("{\"file\":"))];

    public static IReadOnlyList<CompareRow> Contrasts(RunFolder folder) =>
        new RunComparer(null, 0).Compare(JournaledFile.OfRun(folder.Journals));

    /// <summary>The provenance of a run on some targets.</summary>
    public RunInfo Info(RunFolder folder, params TargetInfo[] targets) =>
        new()
        {
            SchemaVersion = RunInfo.CurrentSchemaVersion,
            RunId = folder.RunId,
            EchorateVersion = "1",
            Arguments = ["run"],
            WorkingFolder = "/",
            Options = new System.Text.Json.Nodes.JsonObject { ["seed"] = 0, ["sequences"] = 2 },
            ItemSets = ["w"],
            PromptSets = [],
            Inputs = [],
            Files =
            [
                .. Jobs.Select(job => new RunInfo.FileInfo(
                    job.Facts.Model,
                    job.Facts.Quantization,
                    [job.Facts.Path!],
                    [1],
                    [DateTimeOffset.UnixEpoch]
                )),
            ],
            Targets = targets,
            Machine = RunInfo.MachineInfo.Here,
            Started = DateTimeOffset.UnixEpoch,
        };

    /// <summary>What a run writes of a target whose engine took a CPU library.</summary>
    public static TargetInfo Found(RunTarget target, string library = "cpu.so") =>
        TargetInfo.Of(
            target,
            new EngineFacts
            {
                Name = target.Engine,
                Version = "1",
                LibraryFolder = "/libraries",
                CpuLibrary = library,
                Devices = [Cards.Cpu],
            }
        );

    public void Dispose() => _folder.Dispose();

    private sealed class Progress(Action onRow, List<string> said) : IRunProgress
    {
        public void Begin(
            EchoRate.Core.Models.ModelFacts facts,
            RunTarget? target,
            int index,
            int count,
            long most
        ) { }

        public void Say(string line) => said.Add(line);

        public void Rows(FileProgress progress) => onRow();

        public void End(FileRecord file) { }
    }

    private sealed class Listening(IFileMeasurer measurer, List<MeasureJob> asked) : IFileMeasurer
    {
        public EngineFacts Engine => measurer.Engine;

        public FileRecord Measure(
            MeasureJob job,
            Action<string> log,
            Action<FileProgress> progress,
            CancellationToken cancellation
        )
        {
            asked.Add(job);
            return measurer.Measure(job, log, progress, cancellation);
        }
    }

    private ScriptedEngine EngineOf(RunTarget target)
    {
        return new ScriptedEngine(Load) { Name = target.Engine };

        ScriptedModel Load(LoadOptions options, string path)
        {
            var quantization = Path.GetFileNameWithoutExtension(path);
            var isRefused = options.IsExact && quantization == NotExact;
            var arithmetic =
                options.IsExact && !isRefused && target.Device is null
                    ? Arithmetic.Exact
                    : Arithmetic.Library;
            if (quantization == Broken || arithmetic == BrokenArithmetic)
            {
                throw new EngineException("broken");
            }
            var devices = options.Devices is null ? "any" : string.Join('+', options.Devices);
            Loads.Add($"{target.Engine} {target.DeviceLabel} {quantization} {devices}");
            return new ScriptedModel(
                Pieces,
                tokens => Logits(target, tokens[^1], quantization, arithmetic),
                sequences: 2
            )
            {
                ShowsSlots = true,
                Report = new SessionReport
                {
                    Backend = target.Backend,
                    Device = target.Device is null ? "CPU" : $"{target.Device} (llvmpipe)",
                    GpuLayers = target.Device is null ? 0 : 1,
                    Layers = 1,
                    Threads = 1,
                    AddsBos = true,
                    Arithmetic = arithmetic,
                    NotExact = isRefused ? "blk.0.odd (Q4_0)" : null,
                },
            };
        }
    }

    // Another tail on every target and in every file, so that a divergence from another target's reference shows.
    private float[] Logits(RunTarget target, int token, string quantization, Arithmetic arithmetic)
    {
        var isLost =
            (target == Gpu && token == Id(" blue"))
            || (target == SecondGpu && token == Id(" red"))
            || (quantization == "Q8_0" && token == Id(" green"))
            || (
                IsRounding
                && quantization == "Q8_0"
                && arithmetic == Arithmetic.Library
                && target.DeviceLabel == "cpu"
                && token == Id(" Red")
            );
        var tail = 0.1f * (Array.IndexOf(All, target) + 1) + (quantization == "F32" ? 0 : 0.05f);
        var logits = Enumerable.Range(0, Pieces.Length).Select(id => tail * id).ToArray();
        // Rounding moves every margin by half a nat.
        logits[Id("x")] += arithmetic == Arithmetic.Library ? 0.5f : 0;
        logits[isLost ? Id("x") : token] = 9;
        return logits;
    }
}
