using System.Globalization;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>Which part of the layers each GPU takes: <c>3,1</c>.</summary>
internal sealed record TensorSplit(IReadOnlyList<float> Parts) : IOptionValue<TensorSplit>
{
    /// <inheritdoc />
    public static string Allowed =>
        "numbers of 0 or more with a decimal point, separated by commas, not all 0";

    /// <inheritdoc />
    public static TensorSplit? Read(string text)
    {
        var parts = new List<float>();
        foreach (var part in text.Split(','))
        {
            if (
                !float.TryParse(
                    part,
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var value
                ) || !float.IsFinite(value)
            )
            {
                return null;
            }
            parts.Add(value);
        }
        return parts.Sum() > 0 ? new TensorSplit(parts) : null;
    }

    /// <inheritdoc />
    public override string ToString() => string.Join(',', Parts);
}
