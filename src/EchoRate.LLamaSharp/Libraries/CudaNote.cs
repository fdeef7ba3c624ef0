using LLama.Native;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// Says why LLamaSharp took its CUDA library, or did not. It asks for <c>CUDA_VERSION</c>, then for the toolkit's version file, then looks along
/// <c>LD_LIBRARY_PATH</c> (Windows: <c>CUDA_PATH</c>), and where none answers, as on a machine with a driver only, it takes the CPU without a word.
/// </summary>
internal static class CudaNote
{
    /// <summary>The CUDA release of the backend package Cuda12.</summary>
    internal const int Release = 12;

    private static bool HasDevice => DeviceList.Read().Any(device => device.Backend == "cuda");

    /// <summary>The note for a folder that the user named.</summary>
    internal static string OfFolder(string folder) =>
        HasDevice ? "CUDA: in use"
        : LibraryFiles.Find(folder, "ggml-cuda") is not { } path
            ? $"CUDA: no ggml-cuda library in {folder}"
        : LibraryFiles.Refusal(path) is { } words
            ? $"CUDA: {Path.GetFileName(path)} was not taken: {words}"
        : "CUDA: its library is there, but it sees no device";

    /// <summary>The note for the packages' libraries, in a folder for each kind: avx2, cuda12 …</summary>
    internal static string OfPackage(string kinds)
    {
        var folder = Path.Combine(kinds, $"cuda{Release}");
        return Of(
            Directory.Exists(folder),
            SystemInfo.Get().CudaMajorVersion,
            NativeApi.GetLoadedNativeLibrary(NativeLibraryName.LLama)?.Metadata
                is { UseCuda: true },
            HasDevice,
            () =>
                LibraryFiles.Find(folder, "ggml-cuda") is { } path
                    ? LibraryFiles.Refusal(path)
                    : "no ggml-cuda in its folder"
        );
    }

    /// <summary>One sentence.</summary>
    internal static string Of(
        bool isPackaged,
        int detected,
        bool isTaken,
        bool hasDevice,
        Func<string?> refusal
    )
    {
        if (isTaken)
        {
            return hasDevice
                ? "CUDA: in use"
                : "CUDA: its library was taken, but it sees no device: is an NVIDIA driver of CUDA 12 or newer installed?";
        }
        if (!isPackaged)
        {
            return "CUDA: not in this build";
        }
        if (detected == -1)
        {
            var sources = OperatingSystem.IsWindows()
                ? "no version.json in CUDA_PATH"
                : "no CUDA_VERSION, no version.json in /usr/local/cuda or on LD_LIBRARY_PATH";
            return $"CUDA: not tried, because LLamaSharp found no toolkit ({sources}); set CUDA_VERSION={Release} to have it tried{Words()}";
        }
        return detected == Release
            ? $"CUDA: its library was tried and not taken{Words()}"
            : $"CUDA: LLamaSharp looked for CUDA {detected}, and this build holds CUDA {Release}; set CUDA_VERSION={Release}";
        string Words() => refusal() is { } words ? $"; the system says: {words}" : "";
    }
}
