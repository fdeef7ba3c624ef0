namespace EchoRate.Machine.Natives;

/// <summary>What a package of llama.cpp can compute on, beside the CPU that each of them has.</summary>
public enum LlamaVariant
{
    /// <summary>The CPU only.</summary>
    Cpu,

    /// <summary>Apple's Metal.</summary>
    Metal,

    /// <summary>NVIDIA's CUDA 13.</summary>
    Cuda,

    /// <summary>NVIDIA's CUDA 12: one more library for the CUDA package.</summary>
    Cuda12,

    /// <summary>Vulkan.</summary>
    Vulkan,
}
