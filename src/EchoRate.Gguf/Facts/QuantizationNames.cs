using System.Text.RegularExpressions;

namespace EchoRate.Gguf;

/// <summary>Names of a file's quantization as llama-quantize writes them, from the three places where one can be found.</summary>
public static partial class QuantizationNames
{
    // llama_ftype of llama.h, in its order; a dash stands for a type that llama.cpp no longer reads.
    private static readonly Dictionary<long, string> _byFileType = (
        "F32 F16 Q4_0 Q4_1 - - - Q8_0 Q5_0 Q5_1 Q2_K Q3_K_S Q3_K_M Q3_K_L Q4_K_S Q4_K_M Q5_K_S Q5_K_M Q6_K "
        + "IQ2_XXS IQ2_XS Q2_K_S IQ3_XS IQ3_XXS IQ1_S IQ4_NL IQ3_S IQ3_M IQ2_S IQ2_M IQ4_XS IQ1_M BF16 - - - "
        + "TQ1_0 TQ2_0 MXFP4_MOE NVFP4 Q1_0 Q2_0"
    )
        .Split(' ')
        .Index()
        .Where(type => type.Item != "-")
        .ToDictionary(type => (long)type.Index, type => type.Item);

    // Other spellings: llama-quantize's own aliases, and what publishers write.
    private static readonly Dictionary<string, string> _aliases = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Q3_K"] = "Q3_K_M",
        ["Q4_K"] = "Q4_K_M",
        ["Q5_K"] = "Q5_K_M",
        ["MXFP4"] = "MXFP4_MOE",
        ["FP16"] = "F16",
        ["FP32"] = "F32",
    };

    private static readonly Dictionary<string, string> _byName = _byFileType
        .Values.Select(name => KeyValuePair.Create(name, name))
        .Concat(_aliases)
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every name, in descending precision as far as one can say so.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. (
            "F32 BF16 F16 Q8_0 Q6_K Q5_K_M Q5_K_S Q5_1 Q5_0 Q4_K_M Q4_K_S Q4_1 Q4_0 IQ4_NL IQ4_XS NVFP4 MXFP4_MOE "
            + "Q3_K_L Q3_K_M Q3_K_S IQ3_M IQ3_S IQ3_XS IQ3_XXS Q2_K Q2_K_S Q2_0 IQ2_M IQ2_S IQ2_XS IQ2_XXS "
            + "TQ2_0 TQ1_0 IQ1_M IQ1_S Q1_0"
        ).Split(' '),
    ];

    /// <summary>The name in llama-quantize's spelling, from any case or alias; null when it is no quantization's name.</summary>
    public static string? Normalise(string text) => _byName.GetValueOrDefault(text);

    /// <summary>A file's quantization: from the header, else the file name's ending, else the commonest type of the two-dimensional tensors; null when there are none.</summary>
    public static string? Of(GgufFile file)
    {
        return (file.Metadata.WholeNumber(GgufKeys.FileType) is { } type ? OfFileType(type) : null)
            ?? OfFileName(file.Path)
            ?? file.Tensors.Where(tensor => tensor.Dimensions.Length == 2)
                .CountBy(tensor => tensor.Type)
                .OrderByDescending(count => count.Value)
                .ThenBy(count => count.Key)
                .Select(count => OfTensorType(count.Key))
                .FirstOrDefault();
    }

    /// <summary>The name for a `general.file_type`; null for a number that llama.cpp does not know.</summary>
    public static string? OfFileType(long fileType) => _byFileType.GetValueOrDefault(fileType);

    /// <summary>The `general.file_type` of a name of <see cref="All"/>; null for another word.</summary>
    public static long? FileTypeOf(string name) =>
        _byFileType
            .Where(type => type.Value == name)
            .Select(type => (long?)type.Key)
            .FirstOrDefault();

    /// <summary>The name that a file's name ends in, in any case; null when it ends in none.</summary>
    public static string? OfFileName(string path) =>
        Ending(path) is { Success: true } ending ? OfLabel(ending.Groups["label"].Value) : null;

    /// <summary>
    /// What a file calls itself: a quantization by llama-quantize's name, or a publisher's recipe (<c>UD-Q4_K_XL</c>, <c>i1-Q4_K_M</c>,
    /// <c>Q6_K_L</c>) or what <see cref="FileName"/> adds; null for other words.
    /// </summary>
    public static string? Label(string text)
    {
        var match = WholeLabel().Match(text);
        var name = match.Groups["name"].Value;
        return match.Success && OfName(name) is not null
            ? match.Groups["recipe"].Value switch
            {
                "" => "",
                var recipe when recipe.StartsWith('u') || recipe.StartsWith('U') => "UD-",
                _ => "i1-",
            }
                + (Normalise(name) ?? name.ToUpperInvariant())
                + match.Groups["options"].Value
            : null;
    }

    /// <summary>The label that a file's name ends in; null when it ends in none.</summary>
    public static string? LabelOfFileName(string path) =>
        Ending(path) is { Success: true } ending ? Label(ending.Groups["label"].Value) : null;

    /// <summary>The quantization that a label names, or is a variety of: Q4_K_M for UD-Q4_K_XL; null for other words.</summary>
    public static string? OfLabel(string label) =>
        WholeLabel().Match(label) is { Success: true } match
            ? OfName(match.Groups["name"].Value)
            : null;

    /// <summary>What a file calls itself by its name, where that says more than the quantization that its header tells; else null.</summary>
    public static string? OwnLabel(string path, string? quantization) =>
        LabelOfFileName(path) is { } label
        && quantization is not null
        && label != quantization
        && !Contradicts(label, quantization)
            ? label
            : null;

    /// <summary>
    /// Whether a label cannot be meant for a file of this quantization. A publisher's mixture may be called Q4_K_XL and be a Q4_K_M by its
    /// header; what "UD-" names, no header tells at all.
    /// </summary>
    public static bool Contradicts(string label, string quantization)
    {
        var match = WholeLabel().Match(label);
        var name = match.Groups["name"].Value;
        return match.Success
            && !match.Groups["recipe"].Value.StartsWith("UD", StringComparison.OrdinalIgnoreCase)
            && (
                Normalise(name) is { } plain
                    ? plain != quantization
                    : !string.Equals(
                        Size().Replace(name, ""),
                        Size().Replace(quantization, ""),
                        StringComparison.OrdinalIgnoreCase
                    )
            );
    }

    // Publishers' Q6_K_L and Q4_K_XL keep some tensors larger and are otherwise the plain one.
    private static string? OfName(string name) =>
        _byName.GetValueOrDefault(name) ?? _byName.GetValueOrDefault(Larger().Replace(name, ""));

    /// <summary>The name for a file of which most two-dimensional tensors are of this type, as llama.cpp guesses.</summary>
    public static string OfTensorType(GgufTensorType type) =>
        _byName.GetValueOrDefault(type.ToString()) ?? type.ToString();

    /// <summary>The tensor type that a quantization's name promises: Q4_K for Q4_K_M; null for a name that promises none.</summary>
    public static GgufTensorType? TensorTypeOf(string quantization)
    {
        // The mixtures whose name is not their commonest type's (llama_model_quantize's default types).
        var type = quantization switch
        {
            "IQ3_XS" or "IQ3_M" => nameof(GgufTensorType.IQ3_S),
            "IQ2_S" => nameof(GgufTensorType.IQ2_XS),
            "IQ2_M" => nameof(GgufTensorType.IQ2_S),
            "MXFP4_MOE" => nameof(GgufTensorType.MXFP4),
            _ => Mixture().Replace(quantization, ""),
        };
        return Enum.TryParse<GgufTensorType>(type, out var known) && known.IsKnown() ? known : null;
    }

    /// <summary>A model's name: its file's name without directory, extension, part number and quantization.</summary>
    public static string ModelName(string path)
    {
        var stem = Stem(path);
        return OfFileName(path) is null ? stem : stem[..Suffix().Match(stem).Index].TrimEnd();
    }

    private static Match Ending(string path) => Suffix().Match(Stem(path));

    /// <summary>
    /// The name for a quantized file of a model, from which <see cref="ModelName"/> and <see cref="OfFileName"/> give both back:
    /// <c>model-Q2_K.gguf</c>, and <c>model-Q2_K-embd-Q4_0-output-Q6_K-pure-imat.gguf</c> with all that can be asked for.
    /// </summary>
    /// <param name="model">The model's name.</param>
    /// <param name="quantization">llama-quantize's name.</param>
    /// <param name="tokenEmbedding">The type that the token embedding was forced to; null for none.</param>
    /// <param name="output">The type that the output head was forced to; null for none.</param>
    /// <param name="pure">Whether all tensors take one type.</param>
    /// <param name="importanceMatrix">Whether an importance matrix guided the quantization.</param>
    public static string FileName(
        string model,
        string quantization,
        string? tokenEmbedding = null,
        string? output = null,
        bool pure = false,
        bool importanceMatrix = false
    ) =>
        $"{model}-{quantization}"
        + (tokenEmbedding is null ? "" : "-embd-" + tokenEmbedding)
        + (output is null ? "" : "-output-" + output)
        + (pure ? "-pure" : "")
        + (importanceMatrix ? "-imat" : "")
        + ".gguf";

    private static string Stem(string path)
    {
        var name = Path.GetFileName(path);
        var stem = name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? name[..^5] : name;
        return SplitName.Parse(stem + ".gguf")?.Prefix ?? stem;
    }

    private const string TypeName = @"(?:I?Q\d|TQ\d|B?F\d|FP\d|MXFP4|NVFP4)[A-Z0-9_]*";

    // "UD-" and "i1-" name a publisher's recipe, not another model, and so does what FileName adds.
    private const string LabelText =
        "(?<recipe>UD-|i1-)?(?<name>"
        + TypeName
        + ")(?<options>(?:-embd-"
        + TypeName
        + ")?(?:-output-"
        + TypeName
        + ")?(?:-pure)?(?:-imat)?)";

    // Without a name in front there is no suffix. " (1)" is what browsers add to a second download.
    [GeneratedRegex(
        @"(?<=.)[-._ ](?<label>" + LabelText + @")(?: ?\(\d+\))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Suffix();

    [GeneratedRegex("^" + LabelText + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WholeLabel();

    [GeneratedRegex(
        "_(?:XXS|XS|S|M|L|XL|XXL)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Size();

    [GeneratedRegex("(?<=^Q[0-9]_K)_[SML]$", RegexOptions.CultureInvariant)]
    private static partial Regex Mixture();

    [GeneratedRegex("_X?L$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Larger();
}
