namespace EchoRate.Cli.Requests;

/// <summary>Help that several commands give word for word.</summary>
internal static class OptionTexts
{
    /// <summary>The one GGUF file that a command looks at.</summary>
    public const string File = "A GGUF file; of a split model, its first part";

    /// <summary>The manifest where none is named.</summary>
    public const string DefaultManifest = "gguf-manifest.yaml";

    /// <summary>The manifest.</summary>
    public const string Manifest =
        $"Manifest of models (default: {DefaultManifest} in this folder)";

    /// <summary>The run's folder.</summary>
    public const string Out = "Folder of the run, new or empty (default: runs/<date>-<time>)";

    /// <summary>The quantization that others are held against.</summary>
    public const string Reference =
        "Quantization that the others of a model are held against (default: F32, else BF16, else F16, else the most bits)";

    /// <summary>Which models.</summary>
    public const string Model = "Only these models of the manifest";

    /// <summary>Which quantizations.</summary>
    public const string Quant = "Only these quantizations of the manifest";

    /// <summary>Under which conditions.</summary>
    public const string Arms = "Conditions: without, with, neutral";

    /// <summary>What makes a draw repeatable.</summary>
    public const string Seed = "Seed of everything drawn";

    /// <summary>Less on stdout.</summary>
    public const string Quiet = "Print nothing but the path of the run's folder";

    /// <summary>Threads of the engine.</summary>
    public const string Threads = "Threads that compute (default: physical cores)";

    /// <summary>Where layers compute.</summary>
    public const string GpuLayers =
        "Layers on GPUs, the output layer counted as one: auto (as many as fit), all, or a number";

    /// <summary>What computes.</summary>
    public const string Device =
        "Measure on this device, as the engine names it (CPU, CUDA0, Vulkan0 …); given again: on each of them, and compare";

    /// <summary>What was cut off.</summary>
    public const string Resume =
        "Go on with the run in --out DIR after its last whole batch; arguments may be left out";
}
