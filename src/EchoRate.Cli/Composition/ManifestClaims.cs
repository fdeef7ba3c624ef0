using EchoRate.Core.Models;
using EchoRate.Gguf;
using EchoRate.Hub.Manifests;

namespace EchoRate.Cli.Composition;

/// <summary>
/// What a manifest, or a file's name, says of a file, held against its header. Where they contradict each other the header counts, and every
/// row of the file says so.
/// </summary>
internal static class ManifestClaims
{
    // Families that are architectures: of another word (llama3, smollm) no header tells.
    private static readonly string[] _architectures =
    [
        "gemma",
        "gemma2",
        "gemma3",
        "llama",
        "qwen2",
        "qwen3",
        "gptoss",
        "phi3",
        "olmo2",
        "falcon",
    ];

    private static readonly string[] _tuned = ["it", "instruct", "chat", "post"];

    /// <summary>The facts with what the manifest says of the file, as far as the header lets it.</summary>
    public static ModelFacts Hold(
        ModelFacts facts,
        GgufFile header,
        ManifestEntry entry,
        out IReadOnlyList<string> notes
    )
    {
        var said = new List<string>();
        var (model, file) = (entry.Model, entry.File);
        var isWrong = IsWrong(facts.Quantization, header, file);
        if (isWrong)
        {
            said.Add($"quant {file.Label}, its header {facts.Quantization}");
        }
        else
        {
            var quantization = HasType(header) ? facts.Quantization : file.Quant;
            facts = facts with
            {
                Quantization = quantization,
                OwnLabel = file.Label != quantization ? file.Label : facts.OwnLabel,
            };
        }
        var family = model.Family;
        if (family is not null && IsOtherFamily(family, facts.Architecture ?? ""))
        {
            said.Add($"family {family}, its header {facts.Architecture}");
            family = facts.Architecture;
        }
        var tuning = model.Tuning;
        var isTuned = IsTuned(header.Metadata);
        if (tuning is not null && isTuned is not null && isTuned != (tuning != "base"))
        {
            said.Add($"tuning {tuning}, its header {(isTuned.Value ? "it" : "base")}");
            tuning = isTuned.Value ? "it" : "base";
        }
        notes =
        [
            .. said.Select(pair =>
                $"the manifest says {pair}; the header counts (flag {RowFlags.ManifestContradictsHeader})"
            ),
        ];
        return facts with
        {
            Family = family,
            Tuning = tuning,
            HeaderFlags =
                said.Count == 0
                    ? facts.HeaderFlags
                    : With(facts, RowFlags.ManifestContradictsHeader),
        };
    }

    /// <summary>The facts of a file whose name says another quantization than its header.</summary>
    public static ModelFacts HoldName(ModelFacts facts, out IReadOnlyList<string> notes)
    {
        notes = [];
        if (
            facts is not { Path: { } path, Quantization: { } quantization }
            || QuantizationNames.LabelOfFileName(path) is not { } label
            || !QuantizationNames.Contradicts(label, quantization)
        )
        {
            return facts;
        }
        notes =
        [
            $"its name says {label}, its header {quantization}; the header counts (flag {RowFlags.NameContradictsHeader})",
        ];
        return facts with { HeaderFlags = With(facts, RowFlags.NameContradictsHeader) };
    }

    private static string With(ModelFacts facts, string flag) =>
        string.Join(' ', facts.Flags.Union([flag]));

    private static bool HasType(GgufFile header) =>
        header.Metadata.WholeNumber(GgufKeys.FileType) is { } type
        && QuantizationNames.OfFileType(type) is not null;

    // A label of the user's own says nothing of the type.
    private static bool IsWrong(string? quantization, GgufFile header, ManifestFile file)
    {
        if (HasType(header))
        {
            var label =
                QuantizationNames.OfLabel(file.Label) == file.Quant ? file.Label : file.Quant;
            return QuantizationNames.Contradicts(label, quantization!);
        }
        return QuantizationNames.TensorTypeOf(file.Quant) is { } promised
            && header.Tensors.All(tensor => tensor.Type != promised);
    }

    // qwen3moe is a Qwen3, gemma2 is no Gemma 1.
    private static bool IsOtherFamily(string family, string architecture)
    {
        var (said, actual) = (Plain(family), Plain(architecture));
        return _architectures.Contains(said)
            && said != actual
            && !(
                actual.StartsWith(said, StringComparison.Ordinal)
                && char.IsAsciiLetter(actual[said.Length])
            );

        static string Plain(string name) => name.Replace("-", "").ToLowerInvariant();
    }

    // What general.finetune says, else the last word of the name; null where neither is known to mean one or the other.
    private static bool? IsTuned(GgufMetadata metadata)
    {
        var word = (
            metadata.Text("general.finetune")
            ?? metadata.Text(GgufKeys.Name)?.Split([' ', '-', '_']).LastOrDefault()
            ?? ""
        ).ToLowerInvariant();
        return _tuned.Contains(word) ? true
            : word is "base" or "pt" or "pretrained" ? false
            : null;
    }
}
