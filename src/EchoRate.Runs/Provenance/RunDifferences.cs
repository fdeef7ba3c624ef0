using System.Text.Json.Nodes;
using EchoRate.Core.Engine;

namespace EchoRate.Runs.Provenance;

/// <summary>
/// In what two runs differ that must not where their rows shall stand side by side: what was asked, of which files, by which program and
/// library. Times, machines and paths of what has the same content are left out.
/// </summary>
public static class RunDifferences
{
    // What machines may need to be told in their own way; what comes of it is compared instead: files, targets, plans.
    private static readonly string[] _ofMachine =
    [
        "file",
        "manifest",
        "model",
        "quant",
        "backend",
        "device",
        "gpu-layers",
        "cpu-moe",
        "vram-margin",
        "main-gpu",
        "tensor-split",
        "shard",
    ];

    /// <summary>Whether an option says how to go on, not what is measured.</summary>
    public static bool IsOfNow(string option) =>
        option is "out" or "resume" or "timeout" or "in-process" or "quiet";

    /// <summary>The differences between a run that is gone on with and what is asked for now, each like <c>seed: 5, was 0</c>.</summary>
    /// <param name="was">The run.</param>
    /// <param name="now">What is asked for; its targets without a version where that is not yet known.</param>
    public static IReadOnlyList<string> ForResuming(RunInfo was, RunInfo now) =>
        [
            .. Common(was, now),
            .. Options(was, now, ["file", "FILE.gguf", "manifest"]),
            .. Files(was.Files, now.Files),
            .. was.Targets.Zip(now.Targets).SelectMany(pair => Engine(pair.First, pair.Second)),
        ];

    /// <summary>The differences between two shards of one run.</summary>
    /// <param name="first">One.</param>
    /// <param name="other">The other.</param>
    public static IReadOnlyList<string> ForMerging(RunInfo first, RunInfo other) =>
        [
            .. Common(first, other),
            .. Options(first, other, _ofMachine),
            .. Pairs("files", Words(first.Files.Select(Name)), Words(other.Files.Select(Name))),
            .. first
                .Targets.Zip(other.Targets)
                .SelectMany(pair => Pairs("engine", NameOf(pair.First), NameOf(pair.Second))),
            .. Plans(first.Plans, other.Plans),
        ];

    // Other layers on the GPU give other last digits, other batches other rows in each shard.
    private static IEnumerable<string> Plans(
        IReadOnlyList<OffloadPlan> first,
        IReadOnlyList<OffloadPlan> other
    ) =>
        from one in first
        join two in other on one.Index equals two.Index
        where one.Shape != two.Shape
        select Say($"plan of file {one.Index}", one.Shape, two.Shape)
            + "; give every shard the same --gpu-layers and --sequences";

    private static string[] Common(RunInfo a, RunInfo b)
    {
        return
        [
            .. Of("echorate", run => run.EchorateVersion),
            .. Of("content of item and prompt files", run => Words(run.Inputs.Select(Content))),
            .. Of("manifest's content", run => run.Manifest?.Sha256),
            .. Of("targets", run => Words(run.Targets.Select(AskedFor))),
        ];

        string[] Of(string what, Func<RunInfo, string?> value) => Pairs(what, value(a), value(b));
    }

    // Names count in any case: a quantization, an item set. Files count by their names here; their content is compared elsewhere.
    private static IEnumerable<string> Options(RunInfo was, RunInfo now, string[] without) =>
        from option in was
            .Options.Select(pair => pair.Key)
            .Union(now.Options.Select(pair => pair.Key))
        where !IsOfNow(option) && !without.Contains(option)
        let before = Text(was.Options[option])
        let after = Text(now.Options[option])
        where !before.Equals(after, StringComparison.OrdinalIgnoreCase)
        select Say(option, before, after);

    private static string Text(JsonNode? option) =>
        option switch
        {
            null => "not given",
            JsonArray { Count: 0 } => "not given",
            JsonArray values => Words(values.Select(Text)),
            _ when option.ToString() is var text && Path.IsPathRooted(text) => Path.GetFileName(
                text
            ),
            _ => option.ToString(),
        };

    private static IEnumerable<string> Files(
        IReadOnlyList<RunInfo.FileInfo> was,
        IReadOnlyList<RunInfo.FileInfo> now
    ) =>
        was.Count != now.Count
            ? Pairs("files", $"{was.Count}", $"{now.Count}")
            : was.Zip(now, (before, after) => (Place(before), Place(after)))
                .SelectMany((file, index) => Pairs($"file {index + 1}", file.Item1, file.Item2));

    // Rows of another library, for the CPU or a GPU, differ in their last digits.
    private static IEnumerable<string> Engine(TargetInfo was, TargetInfo now) =>
        was.Version is null || now.Version is null
            ? []
            :
            [
                .. Pairs("engine", NameOf(was), NameOf(now)),
                .. Pairs("CPU library", FileOf(was.CpuLibrary), FileOf(now.CpuLibrary)),
                .. Pairs("GPU library", was.Plugin?.DisplayName, now.Plugin?.DisplayName),
                .. Pairs("devices", DevicesOf(was), DevicesOf(now)),
            ];

    private static string[] Pairs(string what, string? was, string? now) =>
        was == now ? [] : [Say(what, Text(was), Text(now))];

    private static string Say(string what, string was, string now) => $"{what}: {now}, was {was}";

    private static string Text(string? value) => string.IsNullOrEmpty(value) ? "none" : value;

    private static string? NameOf(TargetInfo target) =>
        target.Version is null ? null : $"{target.Engine} {target.Version}";

    // What else a target is, its label says.
    private static string AskedFor(TargetInfo target) =>
        target.Backend == target.DeviceLabel
            ? $"{target.Engine} {target.Backend}"
            : $"{target.Engine} {target.Backend} {target.DeviceLabel}";

    // How much of their memory is free is another number every time.
    private static string DevicesOf(TargetInfo target) =>
        Words(target.Devices.Select(EngineInfo.NameOf));

    private static string? FileOf(string? path) => Path.GetFileName(path);

    private static string Name(RunInfo.FileInfo file) => $"{file.Model} {file.Label}".TrimEnd();

    private static string Place(RunInfo.FileInfo file) =>
        file.Paths.Count == 0 ? $"{Name(file)} (not here)" : $"{Name(file)} ({Words(file.Paths)})";

    private static string Content(RunInfo.InputInfo input) =>
        $"{Path.GetFileName(input.Path)} sha256:{input.Sha256[..12]}";

    private static string Words(IEnumerable<string> words) => string.Join(", ", words);
}
