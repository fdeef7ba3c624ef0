using System.Text.Json;
using EchoRate.Machine.Host;

namespace EchoRate.Machine.Backends;

/// <summary>
/// A GPU backend: one library of ggml, from a package of npm's <c>@node-llama-cpp</c> (llama.cpp b10361), which fits the ggml of LLamaSharp 0.30.0.
/// </summary>
/// <param name="Platform">The platform that it is built for: <c>linux-x64</c>, <c>win-x64</c>.</param>
/// <param name="Name">The name that <c>--backend</c> and <c>echorate backend</c> know: <c>cuda</c>, <c>cuda12</c>, <c>vulkan</c>.</param>
/// <param name="DownloadBytes">Bytes of the package's archive.</param>
/// <param name="Integrity">SHA-512 of the archive, in base64, as npm's lockfiles have it.</param>
/// <param name="LibraryBytes">Bytes of the library.</param>
public sealed record Backend(
    string Platform,
    string Name,
    long DownloadBytes,
    string Integrity,
    long LibraryBytes
)
{
    /// <summary>The version of the packages.</summary>
    public const string PackageVersion = "3.20.0";

    // Best first: the order in which `--backend auto` tries them.
    private static readonly Backend[] _all = Pinned();

    /// <summary>The package, without its version: <c>@node-llama-cpp/linux-x64-cuda</c>.</summary>
    public string Package => $"@node-llama-cpp/{Platform}-{(Name == "cuda12" ? "cuda-ext" : Name)}";

    /// <summary>The library's path in the archive.</summary>
    public string Entry =>
        $"package/bins/{Platform}-{DeviceBackend}/{(Name == "cuda12" ? "fallback/" : "")}{FileName}";

    /// <summary>The library's file name.</summary>
    public string FileName =>
        Platform == "win-x64" ? $"ggml-{DeviceBackend}.dll" : $"libggml-{DeviceBackend}.so";

    /// <summary>What llama.cpp's devices call their backend: <c>cuda</c> for CUDA 12 too.</summary>
    public string DeviceBackend => DeviceBackendOf(Name);

    /// <summary>What devices of a backend call theirs.</summary>
    public static string DeviceBackendOf(string name) => name == "cuda12" ? "cuda" : name;

    /// <summary>The backends that can be had for a machine, best first.</summary>
    public static IReadOnlyList<Backend> For(HostEnvironment host) =>
        [.. _all.Where(backend => backend.Platform == host.Platform)];

    /// <summary>The backend of a name; null where the machine has none of that name.</summary>
    public static Backend? Find(HostEnvironment host, string name) =>
        For(host).FirstOrDefault(backend => backend.Name == name);

    public override string ToString() => Name;

    private static Backend[] Pinned()
    {
        using var file = typeof(Backend).Assembly.GetManifestResourceStream("backends.json")!;
        return JsonSerializer.Deserialize(file, BackendJson.Default.BackendArray)!;
    }
}
