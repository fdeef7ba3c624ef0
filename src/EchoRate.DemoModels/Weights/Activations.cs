namespace EchoRate.DemoModels.Weights;

/// <summary>The gate functions of the two architectures.</summary>
/// <remarks>
/// Their exponential is worked out here by multiplications and additions alone, so that no C library's last bit gets into
/// a file: e^x = (e^(x/1024))^1024, the inner one by seven terms of its series (error below 1e-12 for |x| ≤ 64).
/// </remarks>
internal static class Activations
{
    /// <summary>SwiGLU's gate: x / (1 + e^−x).</summary>
    internal static double Silu(double x) => x * Logistic(x);

    /// <summary>GeGLU's gate in the tanh form that llama.cpp uses; ½(1 + tanh y) is the logistic of 2y.</summary>
    internal static double Gelu(double x)
    {
        const double SquareRootOfTwoOverPi = 0.79788456080286535588;
        return x * Logistic(2 * SquareRootOfTwoOverPi * (x + (0.044715 * x * x * x)));
    }

    private static double Logistic(double x) => 1 / (1 + Exp(-Math.Clamp(x, -64, 64)));

    private static double Exp(double x)
    {
        var step = x / 1024;
        var power = 1.0;
        for (var term = 7; term > 0; term--)
        {
            power = 1 + (step / term * power);
        }
        for (var doubling = 0; doubling < 10; doubling++)
        {
            power *= power;
        }
        return power;
    }
}
