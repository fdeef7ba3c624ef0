using System.Runtime.InteropServices;

namespace EchoRate.Machine.Backends;

/// <summary>
/// Something that llama.cpp computes on, by the name that <c>--backend</c> and <c>echorate backend</c> know. A GPU is a plugin of ggml: one
/// library, from a package of npm's <c>@node-llama-cpp</c> (llama.cpp b10361), which fits the ggml of LLamaSharp 0.30.0.
/// </summary>
public sealed record Backend
{
    /// <summary>The version of the packages.</summary>
    public const string PackageVersion = "3.20.0";

    private Backend() { }

    /// <summary><c>cuda</c>, <c>cuda12</c>, <c>vulkan</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The package, without its version: <c>@node-llama-cpp/linux-x64-cuda</c>.</summary>
    public required string Package { get; init; }

    /// <summary>The package's content: SHA-512 of its archive, in base64, as npm's lockfiles have it.</summary>
    public required string Integrity { get; init; }

    /// <summary>Bytes of the archive.</summary>
    public required long DownloadBytes { get; init; }

    /// <summary>The library's path in the archive.</summary>
    public required string Entry { get; init; }

    /// <summary>Bytes of the library.</summary>
    public required long LibraryBytes { get; init; }

    /// <summary>The library's content, 64 hex digits.</summary>
    public required string LibrarySha256 { get; init; }

    /// <summary>The library's file name.</summary>
    public string FileName => Entry[(Entry.LastIndexOf('/') + 1)..];

    /// <summary>What llama.cpp's devices call their backend: <c>cuda</c> for CUDA 12 too.</summary>
    public string DeviceBackend => DeviceBackendOf(Name);

    /// <summary>What devices of a backend call theirs.</summary>
    public static string DeviceBackendOf(string name) => name == "cuda12" ? "cuda" : name;

    /// <summary>The backends that can be had for a machine, best first: the order in which <c>--backend auto</c> tries them.</summary>
    public static IReadOnlyList<Backend> For(HostEnvironment host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return (host.System, host.Architecture) switch
        {
            (HostSystem.Linux, Architecture.X64) when !host.IsMusl => s_linux,
            (HostSystem.Windows, Architecture.X64) => s_windows,
            _ => [],
        };
    }

    /// <summary>The backend of a name; null where the machine has none of that name.</summary>
    public static Backend? Find(HostEnvironment host, string name) =>
        For(host).FirstOrDefault(backend => backend.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static readonly Backend[] s_linux =
    [
        new()
        {
            Name = "cuda",
            Package = "@node-llama-cpp/linux-x64-cuda",
            Integrity =
                "XWGGj12nK82NWju5+H5r/b0AY5Fv/zFZHdBwqB+JEyLSyzeGEH7Hc8P6bXBhcxNbGdCWd6wEx/EdZ5PSJrn79Q==",
            DownloadBytes = 139_452_707,
            Entry = "package/bins/linux-x64-cuda/libggml-cuda.so",
            LibraryBytes = 155_730_968,
            LibrarySha256 = "a3568abbb835a8fed6b7ddfa6c4490456447a07d136d020e6890ef24a086a80d",
        },
        new()
        {
            Name = "cuda12",
            Package = "@node-llama-cpp/linux-x64-cuda-ext",
            Integrity =
                "2XwxFr0K+bLnmhcmXHeR2xM+RZ3LCisrSTJN9LHFkkctCsuZ9mw292XLq5V5b4oJxa3d28UJm5G0WJjnvVd17Q==",
            DownloadBytes = 174_373_281,
            Entry = "package/bins/linux-x64-cuda/fallback/libggml-cuda.so",
            LibraryBytes = 369_224_480,
            LibrarySha256 = "f39288d398c3ec95fc09ee7a8b1f344b3db3d8063162723e49e9e4614a812305",
        },
        new()
        {
            Name = "vulkan",
            Package = "@node-llama-cpp/linux-x64-vulkan",
            Integrity =
                "xTzv4cuTpsmmQgqvWWZvcvURHfPgUQdQzVXvYN1bwAEYq2DRVckEKrHPJ48824sFmdIRRJqDerniqEXiZlDPzA==",
            DownloadBytes = 25_990_001,
            Entry = "package/bins/linux-x64-vulkan/libggml-vulkan.so",
            LibraryBytes = 51_695_616,
            LibrarySha256 = "4abdb7209720eac333ce7ac410677d76bdd5accd1a7c336813c1b8ce0a8c1c46",
        },
    ];

    private static readonly Backend[] s_windows =
    [
        new()
        {
            Name = "cuda",
            Package = "@node-llama-cpp/win-x64-cuda",
            Integrity =
                "VPV0Ayw3TP9gGiuwlyWD5x97dQSNMKcbWFXsREJ0KLVRxJXihZdZTrjRaudQX1T1d0lJUeLhDmQUGpDh/8jf1w==",
            DownloadBytes = 135_122_136,
            Entry = "package/bins/win-x64-cuda/ggml-cuda.dll",
            LibraryBytes = 141_667_328,
            LibrarySha256 = "d43c4a1bcd7d741b4ed70be8432cec5a8215d5c1c1a32990cccd6a4a1b28a129",
        },
        new()
        {
            Name = "cuda12",
            Package = "@node-llama-cpp/win-x64-cuda-ext",
            Integrity =
                "BTnHmJ7xTzrvv8CWGYnG+2eygjZ4xAvQujtvkfC8N187bRR1fmTA+R7dbrqC2b3fXKtOvyPwOB9NNl+d2FuCmQ==",
            DownloadBytes = 173_170_310,
            Entry = "package/bins/win-x64-cuda/fallback/ggml-cuda.dll",
            LibraryBytes = 362_954_752,
            LibrarySha256 = "d4ba7e1bc7cc11fe82babe59233dfd49f07c7d4a2cf8767f1922564d0b602a63",
        },
        new()
        {
            Name = "vulkan",
            Package = "@node-llama-cpp/win-x64-vulkan",
            Integrity =
                "7V2SjNejon668+xmtlZ36u2FmtIT2fOfQbGjT5zJ6ydW1Xec53VsX1VwQdikx+79Y9/gEp7L2GtBcX6bc0LsCQ==",
            DownloadBytes = 25_083_473,
            Entry = "package/bins/win-x64-vulkan/ggml-vulkan.dll",
            LibraryBytes = 51_440_128,
            LibrarySha256 = "7ca0cbc8dd30d5061056d6b85da3045fbedb9931a1dad46489b627ab3486d74e",
        },
    ];
}
