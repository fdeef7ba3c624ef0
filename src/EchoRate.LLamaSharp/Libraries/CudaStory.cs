namespace EchoRate.LLamaSharp.Libraries;

/// <summary>
/// Why LLamaSharp took its CUDA library, or did not. It asks for <c>CUDA_VERSION</c>, then for the toolkit's version file, then looks along
/// <c>LD_LIBRARY_PATH</c> (Windows: <c>CUDA_PATH</c>), and where none answers, as on a machine with a driver only, it takes the CPU without a word.
/// </summary>
internal sealed record CudaStory
{
    /// <summary>CUDA releases whose library lies beside the program (<c>cuda12</c>); none where no CUDA package was built in.</summary>
    public required IReadOnlyList<int> Packaged { get; init; }

    /// <summary>The release that LLamaSharp believes to be installed; -1 where it found none.</summary>
    public required int Detected { get; init; }

    /// <summary>Whether LLamaSharp took the CUDA library.</summary>
    public required bool Taken { get; init; }

    /// <summary>Whether a CUDA device is there.</summary>
    public required bool HasDevice { get; init; }

    /// <summary>What the system's loader says to the CUDA library of a release; null where it loads.</summary>
    public required Func<int, string?> Refusal { get; init; }

    /// <summary>One sentence.</summary>
    public string Tell() =>
        this switch
        {
            { Taken: true, HasDevice: true } => "CUDA: in use",
            { Taken: true } =>
                "CUDA: its library was taken, but it sees no device: is an NVIDIA driver of CUDA 12 or newer installed?",
            { Packaged.Count: 0 } => "CUDA: not in this build",
            { Detected: -1 } =>
                $"CUDA: not tried, because LLamaSharp found no toolkit ({Sources}); set CUDA_VERSION={Packaged[^1]} to have it tried"
                    + RefusalOf(Packaged[^1]),
            _ when !Packaged.Contains(Detected) =>
                $"CUDA: LLamaSharp looked for CUDA {Detected}, and this build holds CUDA {string.Join(", ", Packaged)}; set CUDA_VERSION={Packaged[^1]}",
            _ => $"CUDA: its library was tried and not taken" + RefusalOf(Detected),
        };

    private static string Sources =>
        OperatingSystem.IsWindows()
            ? "no version.json in CUDA_PATH"
            : "no CUDA_VERSION, no version.json in /usr/local/cuda or on LD_LIBRARY_PATH";

    private string RefusalOf(int release) =>
        Refusal(release) is { } words ? $"; the system says: {words}" : "";
}
