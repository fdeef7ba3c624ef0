using System.Text.RegularExpressions;
using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// Reads what llama.cpp logs while it quantizes (llama-quant.cpp, v0.4.0 and v0.5.0): the C interface tells the tensors' types in no other way.
/// </summary>
internal static partial class QuantizeLog
{
    /// <summary>The plan in the lines of a dry run.</summary>
    internal static QuantizePlan Plan(IReadOnlyList<string> lines) =>
        new(
            [
                .. Matches(lines, DryTensor())
                    .Select(tensor => new PlannedTensor(
                        tensor.Groups["name"].Value,
                        Type(tensor, "from"),
                        Type(tensor, tensor.Groups["to"].Success ? "to" : "from")
                    )),
            ],
            [
                .. Matches(lines, Fallback())
                    .Select(fallback => new TensorFallback(
                        fallback.Groups["name"].Value,
                        Number(fallback, "row"),
                        Number(fallback, "block"),
                        Type(fallback, "wanted"),
                        Type(fallback, "taken")
                    )),
            ],
            lines.Any(line => line.Contains("will require an imatrix"))
        );

    /// <summary>The tensor that a line of a real run tells of; null for other lines.</summary>
    internal static TensorDone? TensorOf(string line) =>
        Tensor().Match(line) is { Success: true } match
            ? new(match.Groups["name"].Value, Number(match, "index"), Number(match, "count"))
            : null;

    private static IEnumerable<Match> Matches(IEnumerable<string> lines, Regex regex) =>
        lines.Select(line => regex.Match(line)).Where(match => match.Success);

    // ggml writes q4_K and iq4_nl, GGUF's documents Q4_K and IQ4_NL.
    private static GgufTensorType Type(Match match, string group) =>
        Enum.Parse<GgufTensorType>(match.Groups[group].Value, ignoreCase: true);

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan);

    // [   1/  48] output.weight    - [   64,   512,     1,     1], type =    f32, size =     0.12 MiB ->     0.03 MiB (q8_0)
    private const string Start =
        @"^\[ *(?<index>\d+)/ *(?<count>\d+)\] (?<name>.+?) +- \[[ \d,]*\], type = *(?<from>\w+),";

    [GeneratedRegex(Start)]
    private static partial Regex Tensor();

    [GeneratedRegex(Start + @" size = *[\d.]+ MiB(?: -> *[\d.]+ MiB \((?<to>\w+)\))?$")]
    private static partial Regex DryTensor();

    // warning: blk.0.attn_q.weight    - ncols     64 not divisible by 256 (required for type    q4_K) -> falling back to    q5_0
    [GeneratedRegex(
        @"^warning: (?<name>.+?) +- ncols +(?<row>\d+) not divisible by +(?<block>\d+) \(required for type +(?<wanted>\w+)\) .*-> falling back to +(?<taken>\w+)"
    )]
    private static partial Regex Fallback();
}
