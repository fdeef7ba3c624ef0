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

    // libgomp, which LLamaSharp's Linux libraries compute with, lets a thread that waits spin for milliseconds. Beside one other busy process that
    // doubles a run's time; threads that sleep cost a few percent where nothing else runs.
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const string SpinCount = "GOMP_SPINCOUNT";

    /// <summary>Sets the variables of a process to be.</summary>
    public static void Set(IDictionary<string, string?> environment)
    {
        if (OperatingSystem.IsLinux() && !environment.ContainsKey(SpinCount))
        {
            environment.TryAdd(WaitPolicy, "passive");
        }
        foreach (var (name, value) in _variables)
        {
            environment.TryAdd(name, value);
        }
    }
}
