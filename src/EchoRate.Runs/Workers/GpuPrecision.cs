namespace EchoRate.Runs.Workers;

/// <summary>
/// Has ggml's GPU backends compute in single precision, as the CPU does. By default Vulkan multiplies and adds up in half precision where the
/// device can (ggml-vulkan.cpp, <c>device->fp16</c>), and so does CUDA where weights are F16 (ggml-cuda.cu, <c>CUBLAS_COMPUTE_16F</c>): measured on the
/// miniatures with Vulkan, log-probabilities are then up to 0.29 nat off the CPU's instead of 0.0095 (F16) and 0.065 (Q8_0). There is no
/// parameter for it; native code reads these variables once, when its process starts.
/// </summary>
public static class GpuPrecision
{
    private static readonly (string Name, string Value)[] s_variables =
    [
        ("GGML_VK_DISABLE_F16", "1"),
        ("GGML_CUDA_CUBLAS_COMPUTE_TYPE", "f32"),
    ];

    /// <summary>Sets the variables of a process to be; what the user set stays.</summary>
    public static void Set(IDictionary<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        foreach (var (name, value) in s_variables)
        {
            environment.TryAdd(name, value);
        }
    }
}
