namespace EchoRate.Core.Engine;

/// <summary>How the products of a model's weights with activations are computed.</summary>
public enum Arithmetic
{
    /// <summary>As the library does on that device: activations are rounded, to 8 bits where weights are quantized.</summary>
    Library,

    /// <summary>In F32, on the CPU, whatever the weights' type: what the weights say.</summary>
    Exact,
}
