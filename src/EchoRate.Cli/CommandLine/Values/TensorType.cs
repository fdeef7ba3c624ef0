using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>A type that quantizing can give a tensor, as ggml spells it.</summary>
internal sealed record TensorType(string Name) : IOptionValue<TensorType>
{
    /// <inheritdoc />
    public static string Allowed => string.Join(", ", QuantizationNames.TensorTypes);

    /// <inheritdoc />
    public static TensorType? Read(string text) =>
        QuantizationNames.FindTensorType(text) is { } name ? new TensorType(name) : null;
}
