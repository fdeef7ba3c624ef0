using System.Globalization;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>Which part of the layers each GPU takes: <c>3,1</c>.</summary>
internal sealed record TensorSplit(IReadOnlyList<float> Parts)
{
    public static string Allowed =>
        "numbers of 0 or more with a decimal point, separated by commas, not all 0";

    /// <summary>The value of a text; null where the text is not allowed.</summary>
    public static TensorSplit? Read(string text)
    {
        float[] parts =
        [
            .. text.Split(',')
                .Select(part =>
                    float.TryParse(part, NumberStyles.AllowDecimalPoint, null, out var value)
                    && float.IsFinite(value)
                        ? value
                        : float.NaN
                ),
        ];
        // Of a part that is no number, the sum is none.
        return parts.Sum() > 0 ? new TensorSplit(parts) : null;
    }

    public override string ToString() => string.Join(',', Parts);
}
