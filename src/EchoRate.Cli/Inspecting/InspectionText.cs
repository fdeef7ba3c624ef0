using System.Globalization;
using System.Text;

namespace EchoRate.Cli.Inspecting;

/// <summary>An inspection for people: what the weights are, what goes in front of a token, what should be known.</summary>
internal static class InspectionText
{
    private const int LabelWidth = 18;

    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(Inspection file)
    {
        var text = new StringBuilder(Shown(file.Path)).Append('\n');
        Section(
            text,
            "Weights",
            ("architecture", Shown(file.Architecture)),
            ("name", file.Name is { } name ? Shown(name) : "none"),
            ("constructed", file.Constructed ? "yes, not trained" : "no"),
            ("quantization", file.Quant ?? "unknown"),
            ("tensor types", file.TensorTypes.Count > 0 ? Histogram(file) : "none"),
            ("token_embd", file.TokenEmbdType ?? "none"),
            ("output", Output(file)),
            ("importance matrix", YesNo(file.Imatrix)),
            ("parameters", file.Parameters > 0 ? Count(file.Parameters) : "none"),
            ("bits per weight", file.BitsPerWeight is { } bits ? Number(bits) : "none"),
            ("file size", Size(file)),
            ("layers", Count(file.Layers)),
            ("experts per layer", file.Experts == 0 ? "none" : Count(file.Experts)),
            ("context length", Count(file.ContextLength))
        );
        Section(
            text,
            "Tokens",
            ("tokenizer", Shown(file.Tokenizer)),
            ("pre-tokenizer", file.PreTokenizer is { } pre ? Shown(pre) : "none"),
            ("vocabulary", Count(file.VocabSize)),
            ("BOS", Special(file.BosId, file.BosPiece, null)),
            ("BOS kind", $"{file.BosKind}: {Shown(file.BosReason)}"),
            ("EOS", Special(file.EosId, file.EosPiece, file.DeclaredEosId)),
            (
                "add EOS",
                $"{YesNo(file.AddEos)}, {Wording.WhoDecides(file.DeclaredAddEos, "add_eos_token")}"
            ),
            ("add space prefix", SpacePrefix(file)),
            ("chat template", Template(file))
        );
        if (file.Warnings.Count > 0)
        {
            text.Append("\nWarnings\n");
            foreach (var warning in file.Warnings)
            {
                text.Append("  ").Append(Shown(warning.Message)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static void Section(
        StringBuilder text,
        string title,
        params (string Label, string Value)[] lines
    )
    {
        text.Append('\n').Append(title).Append('\n');
        foreach (var (label, value) in lines)
        {
            text.Append("  ").Append(label.PadRight(LabelWidth)).Append(value).Append('\n');
        }
    }

    // Texts from a file may hold what moves a terminal's cursor.
    private static string Shown(string text) => TerminalText.Of(text);

    private static string Histogram(Inspection file) =>
        string.Join(
            "  ",
            file.TensorTypes.Select(type =>
                string.Create(CultureInfo.InvariantCulture, $"{type.Key}:{type.Value}")
            )
        );

    private static string Output(Inspection file) =>
        file.TiedEmbeddings switch
        {
            true => $"{file.OutputType}, tied: token_embd is the output head too",
            false => $"{file.OutputType}, its own tensor",
            null => "none",
        };

    private static string Size(Inspection file)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        double size = file.FileBytes;
        var unit = 0;
        for (; size >= 1024 && unit < units.Length - 1; unit++)
        {
            size /= 1024;
        }
        var bytes = $"{Count(file.FileBytes)} bytes";
        var text = unit == 0 ? bytes : $"{Number(size)} {units[unit]} ({bytes})";
        return file.Parts == 1 ? text : $"{text} in {Count(file.Parts)} parts";
    }

    private static string Special(int? id, string? piece, long? declared) =>
        id is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known} {piece}")
        : declared is { } outside
            ? string.Create(CultureInfo.InvariantCulture, $"none: {outside} is out of range")
        : "none";

    private static string SpacePrefix(Inspection file) =>
        file.SpacePrefixForced
            ? "no, forced by EchoRate: the file does not say, and llama.cpp would add one"
            : $"{YesNo(file.AddSpacePrefix)}, {Wording.WhoDecides(file.DeclaredAddSpacePrefix, "add_space_prefix")}";

    private static string Template(Inspection file) =>
        file.ChatTemplateWritesBos switch
        {
            true => "writes BOS itself",
            false => "does not write BOS",
            null => "none",
        };

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Count(long? number) =>
        number?.ToString("N0", CultureInfo.InvariantCulture) ?? "unknown";

    private static string Number(double number) =>
        number.ToString("0.##", CultureInfo.InvariantCulture);
}
