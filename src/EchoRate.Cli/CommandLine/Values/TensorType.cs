using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>A type that quantizing can give a tensor, as ggml spells it.</summary>
internal sealed record TensorType(GgufTensorType Type) : IOptionValue<TensorType>
{
    /// <inheritdoc />
    public static string Allowed => string.Join(", ", QuantizationTypes.TensorTypes);

    /// <inheritdoc />
    public static TensorType? Read(string text) =>
        QuantizationTypes
            .TensorTypes.Where(type => text.Equals($"{type}", StringComparison.OrdinalIgnoreCase))
            .Select(type => new TensorType(type))
            .FirstOrDefault();
}
