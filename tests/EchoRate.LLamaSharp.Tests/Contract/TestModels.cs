using EchoRate.DemoModels;

namespace EchoRate.LLamaSharp.Tests.Contract;

/// <summary>A GGUF file that the contract is tested on.</summary>
/// <param name="Name">Its name in test reports.</param>
/// <param name="Locate">Finds the file, making it where need be; skips the test where it is not here.</param>
/// <param name="Noise">
/// By how much logits may differ between batch sizes: the order in which floats are added up. Weights that are not F32 make more of it, because
/// ggml rounds what they are multiplied with to their own coarseness, and a last digit decides which way.
/// </param>
public sealed record TestModel(string Name, Func<string> Locate, float Noise = 2e-5f);

/// <summary>The files that the contract is tested on. A new one joins by one line.</summary>
public static class TestModels
{
    private static readonly TestModel[] s_all =
    [
        new("stories260K", () => SharedFiles.Real("stories260K-f32.gguf")),
        Demo(DemoCatalogue.Echo, "F16"),
        Demo(DemoCatalogue.Echo, "Q8_0"),
        Demo(DemoCatalogue.Echo, "Q2_K"),
        Demo(DemoCatalogue.Plain, "F16"),
        Demo(DemoCatalogue.Plain, "Q8_0"),
        Demo(DemoCatalogue.Plain, "Q2_K"),
        .. Miniatures.All.Select(Mini),
    ];

    /// <summary>Names for <c>[MemberData]</c>.</summary>
    public static TheoryData<string> Names => [.. s_all.Select(model => model.Name)];

    /// <summary>One trained, one quantized, one with experts and a sliding window: for what does not depend on the architecture.</summary>
    public static TheoryData<string> Few => ["stories260K", "demo-echo Q8_0", "mini-gpt-oss"];

    /// <summary>The model of that name.</summary>
    public static TestModel Get(string name) => s_all.Single(model => model.Name == name);

    /// <summary>The model's file; skips the test where it is not here.</summary>
    public static string PathOf(string name) => Get(name).Locate();

    private static TestModel Demo(DemoModel model, string quantization) =>
        new(
            $"{model.Name} {quantization}",
            () => SharedFiles.Made(model.Name, quantization, model.Write),
            Noise: 4e-3f
        );

    private static TestModel Mini(Miniature miniature) =>
        new(miniature.Name, () => MiniatureFiles.PathOf(miniature), Noise: 2e-3f);
}
