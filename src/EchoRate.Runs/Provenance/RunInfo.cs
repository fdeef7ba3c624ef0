using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;
using EchoRate.Reports.Csv;

namespace EchoRate.Runs.Provenance;

/// <summary>Where a run's numbers come from: <c>run.json</c>.</summary>
public sealed partial record RunInfo
{
    /// <summary>The version of this file's layout and of the rows'.</summary>
    public const int CurrentSchemaVersion = 5;

    /// <summary>Our version, with the commit behind a plus sign where the build knew it.</summary>
    public static string ProgramVersion { get; } =
        typeof(RunInfo)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "unknown";

    /// <summary>The version of the layout that this run was written in.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The run's id: its folder's name.</summary>
    public required string RunId { get; init; }

    /// <summary>Our version and commit.</summary>
    public required string EchorateVersion { get; init; }

    /// <summary>The command line, as given.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The command: <c>run</c>, <c>demo</c> …</summary>
    [JsonIgnore]
    public string Command => Arguments.Count > 0 ? Arguments[0] : "";

    /// <summary>The folder that relative paths of the command line start from.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>The options, each by its name on the command line, those that were not given among them; paths are full.</summary>
    public required JsonObject Options { get; init; }

    /// <summary>The part of the rows that was measured here; null for all of them.</summary>
    public ShardInfo? Shard { get; init; }

    /// <summary>The item sets, in order.</summary>
    public required IReadOnlyList<string> ItemSets { get; init; }

    /// <summary>The prompt sets, in order.</summary>
    public required IReadOnlyList<string> PromptSets { get; init; }

    /// <summary>The CSV files that items and prompts were read from.</summary>
    public required IReadOnlyList<InputInfo> Inputs { get; init; }

    /// <summary>The manifest, where one was read.</summary>
    public ManifestInfo? Manifest { get; init; }

    /// <summary>The model files, in order.</summary>
    public required IReadOnlyList<FileInfo> Files { get; init; }

    /// <summary>What every file is measured on, in order.</summary>
    public required IReadOnlyList<TargetInfo> Targets { get; init; }

    /// <summary>The engine of a run with one target; null where it has several, and where no file could be started.</summary>
    public EngineInfo? Engine => EngineInfo.OfOnly(Targets);

    /// <summary>Journals of the whole run: every file on every target.</summary>
    [JsonIgnore]
    public int JournalCount => Files.Count * Targets.Count;

    /// <summary>How large the run is, in words: <c>5 files</c>.</summary>
    [JsonIgnore]
    public string Extent =>
        Targets.Count == 1
            ? $"{Files.Count} files"
            : $"{Files.Count} files on {Targets.Count} targets ({JournalCount} journals)";

    /// <summary>Where files go, for those that GPUs take part in or were to.</summary>
    public IReadOnlyList<OffloadPlan> Plans { get; init; } = [];

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When the run was gone on with after it had been cut off, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Resumed { get; init; } = [];

    /// <summary>The runs that this one was merged from, in the order of their shards; empty for a run that measured.</summary>
    public IReadOnlyList<MergedRun> MergedFrom { get; init; } = [];

    /// <summary>Cells of the CSV files that are longer than the spreadsheets keep that they were written for.</summary>
    public IReadOnlyList<LongCells> LongCells { get; init; } = [];

    /// <summary>When the run ended and its files were whole; null while it runs, and where it was cut off.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The manifest of a run.</summary>
    /// <param name="Path">Where it was.</param>
    /// <param name="Sha256">Its hash.</param>
    public sealed record ManifestInfo(string Path, string Sha256);

    /// <summary>One of a run's shards.</summary>
    /// <param name="Number">Which, from 1.</param>
    /// <param name="Count">Of how many.</param>
    public sealed record ShardInfo(int Number, int Count)
    {
        private const int Most = 10_000;

        /// <summary>What is allowed, for an error.</summary>
        public static string Allowed => $"I/N, I from 1 to N, N from 1 to {Most}, like 1/4";

        /// <summary>The shard of a text; null where the text is not allowed.</summary>
        public static ShardInfo? Read(string text) =>
            text.Split('/') is [var number, var count]
            && int.TryParse(number, NumberStyles.None, null, out var i)
            && int.TryParse(count, NumberStyles.None, null, out var n)
            && n is >= 1 and <= Most
            && i >= 1
            && i <= n
                ? new ShardInfo(i, n)
                : null;

        /// <summary>As it is typed: <c>1/4</c>.</summary>
        public override string ToString() => $"{Number}/{Count}";
    }

    /// <summary>A CSV file of items or prompts.</summary>
    /// <param name="Path">Where it was.</param>
    /// <param name="Sha256">The hash of its content.</param>
    public sealed record InputInfo(string Path, string Sha256);

    /// <summary>A shard's run that was merged.</summary>
    /// <param name="RunId">Its id.</param>
    /// <param name="Shard">Its shard.</param>
    /// <param name="Arguments">Its command line.</param>
    /// <param name="Machine">The machine.</param>
    /// <param name="Targets">What its files were measured on.</param>
    /// <param name="Started">When it began.</param>
    /// <param name="Resumed">When it was gone on with.</param>
    /// <param name="Finished">When it ended.</param>
    public sealed record MergedRun(
        string RunId,
        ShardInfo Shard,
        IReadOnlyList<string> Arguments,
        MachineInfo Machine,
        IReadOnlyList<TargetInfo> Targets,
        DateTimeOffset Started,
        IReadOnlyList<DateTimeOffset> Resumed,
        DateTimeOffset Finished
    )
    {
        /// <summary>The engine of a run with one target.</summary>
        public EngineInfo? Engine => EngineInfo.OfOnly(Targets);
    }

    /// <summary>A model file of a run. Its hash is in files.csv and in its journal.</summary>
    /// <param name="Model">The model.</param>
    /// <param name="Quantization">The quantization.</param>
    /// <param name="Paths">The file or its parts; empty where it is not here.</param>
    /// <param name="Bytes">Their sizes.</param>
    /// <param name="Modified">When each was last changed.</param>
    public sealed record FileInfo(
        string Model,
        string? Quantization,
        IReadOnlyList<string> Paths,
        IReadOnlyList<long> Bytes,
        IReadOnlyList<DateTimeOffset> Modified
    )
    {
        /// <summary>A file as it is now.</summary>
        public static FileInfo Of(FileJob file)
        {
            var stamps = file.Parts.Select(part => new System.IO.FileInfo(part.Path)).ToList();
            return new FileInfo(
                file.Facts.Model,
                file.Facts.Quantization,
                [.. file.Parts.Select(part => part.Path)],
                [.. stamps.Select(part => part.Exists ? part.Length : 0)],
                [.. stamps.Select(part => new DateTimeOffset(part.LastWriteTimeUtc))]
            )
            {
                Source =
                    file.Facts.SourceRepo is null && file.Parts.All(part => part.Sha256 is null)
                        ? null
                        : new FileSource(
                            file.Facts.SourceRepo,
                            file.Facts.SourceRevision,
                            [.. file.Parts.Select(part => part.Sha256)]
                        ),
                OwnLabel = file.Facts.OwnLabel,
            };
        }

        /// <summary>What the file calls itself where that says more than the quantization; else null.</summary>
        public string? OwnLabel { get; init; }

        /// <summary>What people call the file.</summary>
        [JsonIgnore]
        public string? Label => OwnLabel ?? Quantization;

        /// <summary>The published file that it is taken for; null where nobody said.</summary>
        public FileSource? Source { get; init; }
    }

    /// <summary>The published file that a model file of a run is taken for.</summary>
    /// <param name="Repo">The repository, organisation/name; null for a file of this disk.</param>
    /// <param name="Revision">The repository's commit, where it is known, else its branch or tag.</param>
    /// <param name="Sha256">What manifest or lock file say each part's SHA-256 must be, in order; null for a part of which nobody said.</param>
    public sealed record FileSource(string? Repo, string? Revision, IReadOnlyList<string?> Sha256);

    /// <summary>The machine of a run.</summary>
    /// <param name="System">Operating system.</param>
    /// <param name="Architecture">Processor architecture.</param>
    /// <param name="Runtime">The .NET runtime.</param>
    /// <param name="LogicalProcessors">Processors that this process may use.</param>
    public sealed record MachineInfo(
        string System,
        string Architecture,
        string Runtime,
        int LogicalProcessors
    )
    {
        /// <summary>This machine.</summary>
        public static MachineInfo Here { get; } =
            new(
                RuntimeInformation.OSDescription,
                RuntimeInformation.OSArchitecture.ToString(),
                RuntimeInformation.FrameworkDescription,
                Environment.ProcessorCount
            );
    }
}
