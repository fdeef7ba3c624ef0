using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EchoRate.Runs.Provenance;

/// <summary>Where a run's numbers come from: <c>run.json</c>.</summary>
public sealed record RunInfo
{
    /// <summary>The version of this file's layout and of the rows'.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The version of the layout that this run was written in.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The run's id: its folder's name.</summary>
    public required string RunId { get; init; }

    /// <summary>Our version and commit.</summary>
    public required string EchorateVersion { get; init; }

    /// <summary>The command line, as given.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The seed of everything drawn.</summary>
    public required int Seed { get; init; }

    /// <summary>The quantization named for the reference; null for the usual order.</summary>
    public string? Reference { get; init; }

    /// <summary>How CSV was written.</summary>
    public string? CsvProfile { get; init; }

    /// <summary>The arms, in order.</summary>
    public required IReadOnlyList<string> Arms { get; init; }

    /// <summary>The item sets, in order.</summary>
    public required IReadOnlyList<string> ItemSets { get; init; }

    /// <summary>The prompt sets, in order.</summary>
    public required IReadOnlyList<string> PromptSets { get; init; }

    /// <summary>Tokens of a greedy continuation.</summary>
    public required int ContinueTokens { get; init; }

    /// <summary>The manifest, where one was read.</summary>
    public ManifestInfo? Manifest { get; init; }

    /// <summary>The model files, in order.</summary>
    public required IReadOnlyList<FileInfo> Files { get; init; }

    /// <summary>The engine; null where no file could be started.</summary>
    public EngineInfo? Engine { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When the run ended; null while it runs, and for ever where it was cut off.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>The manifest of a run.</summary>
    /// <param name="Path">Where it was.</param>
    /// <param name="Sha256">Its hash.</param>
    public sealed record ManifestInfo(string Path, string Sha256);

    /// <summary>A model file of a run.</summary>
    /// <param name="Model">The model.</param>
    /// <param name="Quantization">The quantization.</param>
    /// <param name="Paths">The file or its parts; empty where it is not here.</param>
    public sealed record FileInfo(string Model, string? Quantization, IReadOnlyList<string> Paths)
    {
        /// <summary>The published file that it is taken for; null where nobody said.</summary>
        public FileSource? Source { get; init; }
    }

    /// <summary>The engine of a run.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Version">The library's version.</param>
    /// <param name="LibraryFolder">Where the libraries were.</param>
    /// <param name="CpuLibrary">The CPU library taken.</param>
    /// <param name="Devices">What the engine sees.</param>
    public sealed record EngineInfo(
        string Name,
        string Version,
        string LibraryFolder,
        string? CpuLibrary,
        IReadOnlyList<string> Devices
    );

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
    );

    /// <summary>Writes the file under a temporary name and renames it: it is there whole or not at all.</summary>
    public void Write(string path)
    {
        var temporary = path + ".tmp";
        File.WriteAllBytes(
            temporary,
            JsonSerializer.SerializeToUtf8Bytes(this, RunInfoJson.Indented.RunInfo)
        );
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="RunException">It is missing, not ours, or of a layout that we do not know.</exception>
    public static RunInfo Read(string path)
    {
        try
        {
            var info =
                JsonSerializer.Deserialize(File.ReadAllBytes(path), RunInfoJson.Indented.RunInfo)
                ?? throw new RunException($"{path}: not a run's provenance");
            return info.SchemaVersion == CurrentSchemaVersion
                ? info
                : throw new RunException(
                    $"{path}: schema version {info.SchemaVersion}; this program reads {CurrentSchemaVersion}"
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                $"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}; a run's folder holds it",
                e
            );
        }
        catch (JsonException e)
        {
            throw new RunException($"{path}: not a run's provenance: {e.Message}", e);
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunInfo))]
internal sealed partial class RunInfoJson : JsonSerializerContext
{
    public static RunInfoJson Indented { get; } =
        new(
            new JsonSerializerOptions
            {
                WriteIndented = true,
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                // Paths and prompts stay readable: the file is for people and programs, not for web pages.
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
