namespace EchoRate.Runs.Workers;

/// <summary>The variables that native code reads once, when a worker starts. What the user set stays.</summary>
public static class WorkerEnvironment
{
    private static readonly (string Name, string Value)[] _variables =
    [
        // ggml's GPU backends compute in single precision, as the CPU does. By default Vulkan multiplies and adds up in half precision where the
        // device can (ggml-vulkan.cpp, device->fp16), and so does CUDA where weights are F16 (ggml-cuda.cu, CUBLAS_COMPUTE_16F): measured on the
        // miniatures with Vulkan, log-probabilities are then up to 0.29 nat off the CPU's instead of 0.0095 (F16) and 0.065 (Q8_0).
        ("GGML_VK_DISABLE_F16", "1"),
        ("GGML_CUDA_CUBLAS_COMPUTE_TYPE", "f32"),
        // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
        ("GGML_NO_BACKTRACE", "1"),
    ];

    /// <summary>Sets the variables of a process to be.</summary>
    public static void Set(IDictionary<string, string?> environment)
    {
        foreach (var (name, value) in _variables)
        {
            environment.TryAdd(name, value);
        }
    }
}
