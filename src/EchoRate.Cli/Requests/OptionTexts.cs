namespace EchoRate.Cli.Requests;

/// <summary>Help that several commands give word for word.</summary>
internal static class OptionTexts
{
    public const string File = "A GGUF file; of a split model, its first part";
    public const string DefaultManifest = "gguf-manifest.yaml";
    public const string Manifest =
        $"Manifest of models (default: {DefaultManifest} in this folder)";
    public const string Out = "Folder of the run, new or empty (default: runs/<date>-<time>)";
    public const string Reference =
        "Quantization that the others of a model are held against (default: F32, else BF16, else F16, else the most bits)";
    public const string Model = "Only these models of the manifest";
    public const string Quant = "Only these quantizations of the manifest";
    public const string Arms = "Conditions: without, with, neutral";
    public const string Seed = "Seed of everything drawn";
    public const string Quiet = "Print nothing but the path of the run's folder";
    public const string Threads = "Threads that compute (default: physical cores)";
    public const string GpuLayers =
        "Layers on GPUs, the output layer counted as one: auto (as many as fit), all, or a number";
    public const string Device =
        "Measure on this device, as the engine names it (CPU, CUDA0, Vulkan0 …); given again: on each of them, and compare";
    public const string Resume =
        "Go on with the run in --out DIR after its last whole batch; arguments may be left out";
    public const string NoCheck = "Measure no sample of the rows in the other arithmetic";
}
