using System.Globalization;
using Cocona.Command;
using Cocona.Command.Binder;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.CommandLine;

/// <summary>Reads the values of options. It stands in for Cocona's converter, which reads numbers as the machine's culture writes them.</summary>
internal sealed class OptionValues : ICoconaValueConverter
{
    private static readonly Dictionary<Type, Kind> _kinds = new()
    {
        [typeof(string)] = new(text => text, _ => "any text"),
        [typeof(bool)] = new(text => IsFlag(text) ? bool.Parse(text) : null, _ => "true, false"),
        [typeof(int)] = new(
            text =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, null, out var number)
                    ? number
                    : null,
            bounds => $"a whole number {Words(bounds)}"
        ),
        [typeof(double)] = new(
            text =>
                double.TryParse(text, NumberStyles.AllowDecimalPoint, null, out var number)
                    ? number
                    : null,
            bounds => $"a number {Words(bounds)}, with a decimal point"
        ),
        [typeof(CsvProfile)] = new(
            text => CsvProfile.TryParse(text, out var profile) ? profile : null,
            _ => CsvProfile.AllowedNames
        ),
        [typeof(BackendName)] = new(BackendName.Read, _ => BackendName.Allowed),
        [typeof(ArithmeticChoice)] = Words<ArithmeticChoice>(),
        [typeof(GpuLayers)] = new(GpuLayers.Read, _ => GpuLayers.Allowed),
        [typeof(SameModel)] = Words<SameModel>(),
        [typeof(RunInfo.ShardInfo)] = new(RunInfo.ShardInfo.Read, _ => RunInfo.ShardInfo.Allowed),
        [typeof(TensorSplit)] = new(TensorSplit.Read, _ => TensorSplit.Allowed),
        // As ggml spells them.
        [typeof(GgufTensorType)] = new(
            text =>
                QuantizationTypes
                    .TensorTypes.Cast<GgufTensorType?>()
                    .FirstOrDefault(type =>
                        text.Equals($"{type}", StringComparison.OrdinalIgnoreCase)
                    ),
            _ => TensorTypes
        ),
    };

    /// <summary>The types that quantizing can give a tensor.</summary>
    public static string TensorTypes => string.Join(", ", QuantizationTypes.TensorTypes);

    /// <summary>Whether an option's value is a text that nobody has read yet.</summary>
    public static bool IsText(CommandOptionDescriptor option) => TypeOf(option) == typeof(string);

    /// <summary>Whether a text is a flag's value.</summary>
    public static bool IsFlag(string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase)
        || text.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an option takes a value.</summary>
    public static bool IsAllowed(CommandOptionDescriptor option, string text) =>
        _kinds[TypeOf(option)].Read(text) is { } value
        && (
            BoundsOf(option) is not { } bounds
            || Convert.ToDouble(value) is var number
                && number >= bounds.Least
                && number <= bounds.Most
        );

    /// <summary>What an option takes, for an error.</summary>
    public static string Allowed(CommandOptionDescriptor option) =>
        _kinds[TypeOf(option)].Allowed(BoundsOf(option));

    public object? ConvertTo(Type t, string? value) =>
        _kinds[Nullable.GetUnderlyingType(t) ?? t].Read(value!);

    private static Type TypeOf(CommandOptionDescriptor option) =>
        option.UnwrappedOptionType.GetElementType() ?? option.UnwrappedOptionType;

    private static BetweenAttribute? BoundsOf(CommandOptionDescriptor option) =>
        option.ParameterAttributes.OfType<BetweenAttribute>().FirstOrDefault();

    private static string Words(BetweenAttribute? bounds) =>
        $"from {bounds?.Least} to {bounds?.Most}";

    private static Kind Words<T>()
        where T : struct, Enum
    {
        var members = Enum.GetValues<T>().ToDictionary(EnumWords.Of);
        return new(
            text => members.TryGetValue(text, out var member) ? member : null,
            _ => string.Join(", ", members.Keys)
        );
    }

    private sealed record Kind(Func<string, object?> Read, Func<BetweenAttribute?, string> Allowed);
}
