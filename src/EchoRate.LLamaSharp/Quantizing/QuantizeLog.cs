using System.Globalization;
using System.Text.RegularExpressions;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// Understands what llama.cpp logs while it quantizes (llama-quant.cpp, v0.4.0 and v0.5.0): the C interface tells the tensors'
/// types in no other way.
/// </summary>
internal sealed partial class QuantizeLog
{
    private readonly List<PlannedTensor> _tensors = [];
    private readonly List<TensorFallback> _fallbacks = [];
    private bool _needsImportanceMatrix;

    /// <summary>What was heard so far.</summary>
    internal QuantizePlan Plan =>
        new()
        {
            Tensors = [.. _tensors],
            Fallbacks = [.. _fallbacks],
            NeedsImportanceMatrix = _needsImportanceMatrix,
        };

    /// <summary>Takes a line of a dry run.</summary>
    internal void Hear(string line)
    {
        if (DryTensor().Match(line) is { Success: true } tensor)
        {
            var from = TypeName(tensor, "from");
            _tensors.Add(
                new(
                    tensor.Groups["name"].Value,
                    from,
                    tensor.Groups["to"].Success ? TypeName(tensor, "to") : from
                )
            );
        }
        else if (Fallback().Match(line) is { Success: true } fallback)
        {
            _fallbacks.Add(
                new(
                    fallback.Groups["name"].Value,
                    Number(fallback, "row"),
                    Number(fallback, "block"),
                    TypeName(fallback, "wanted"),
                    TypeName(fallback, "taken")
                )
            );
        }
        else if (line.Contains("will require an imatrix", StringComparison.Ordinal))
        {
            _needsImportanceMatrix = true;
        }
    }

    /// <summary>The tensor that a line of a real run tells of; null for other lines.</summary>
    internal static TensorDone? TensorOf(string line) =>
        Tensor().Match(line) is { Success: true } match
            ? new(
                match.Groups["name"].Value,
                (int)Number(match, "index"),
                (int)Number(match, "count")
            )
            : null;

    // ggml writes q4_K and iq4_nl, GGUF's documents Q4_K and IQ4_NL.
    private static string TypeName(Match match, string group) =>
        match.Groups[group].Value.ToUpperInvariant();

    private static long Number(Match match, string group) =>
        long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    // [   1/  48] output.weight    - [   64,   512,     1,     1], type =    f32, size =     0.12 MiB ->     0.03 MiB (q8_0)
    private const string Start =
        @"^\[ *(?<index>\d+)/ *(?<count>\d+)\] (?<name>.+?) +- \[[ \d,]*\], type = *(?<from>\w+),";

    [GeneratedRegex(Start, RegexOptions.CultureInvariant)]
    private static partial Regex Tensor();

    [GeneratedRegex(
        Start + @" size = *[\d.]+ MiB(?: -> *[\d.]+ MiB \((?<to>\w+)\))?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex DryTensor();

    // warning: blk.0.attn_q.weight    - ncols     64 not divisible by 256 (required for type    q4_K) -> falling back to    q5_0
    [GeneratedRegex(
        @"^warning: (?<name>.+?) +- ncols +(?<row>\d+) not divisible by +(?<block>\d+) \(required for type +(?<wanted>\w+)\) .*-> falling back to +(?<taken>\w+)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Fallback();
}
