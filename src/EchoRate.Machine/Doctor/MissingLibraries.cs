namespace EchoRate.Machine.Doctor;

/// <summary>Where a library comes from that the system's loader did not find.</summary>
internal static class MissingLibraries
{
    /// <summary>Findings for the missing libraries of a folder: one for each thing that is to be installed.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="distribution">How its packages are called.</param>
    /// <param name="names">The missing libraries.</param>
    /// <param name="folder">The folder in which they are looked for first.</param>
    public static IEnumerable<Finding> Explain(
        HostEnvironment host,
        Distribution distribution,
        IReadOnlyList<string> names,
        string folder
    ) =>
        names
            .GroupBy(KindOf)
            .Select(group => new Finding(
                group.Key switch
                {
                    Kind.Driver => "nvidia_driver_missing",
                    Kind.Cuda13 or Kind.Cuda12 => "cuda_runtime_missing",
                    Kind.Vulkan => "vulkan_loader_missing",
                    Kind.Runtime => "runtime_library_missing",
                    _ => "library_missing",
                },
                $"the system's loader does not find {string.Join(", ", group)}",
                RemedyOf(group.Key, host, distribution, folder)
            ));

    private static Kind KindOf(string name)
    {
#pragma warning disable CA1308 // Windows' names come in any case.
        var small = name.ToLowerInvariant();
#pragma warning restore CA1308
        return small.StartsWith("libcuda.so", StringComparison.Ordinal) || small == "nvcuda.dll"
                ? Kind.Driver
            : small.StartsWith("libcu", StringComparison.Ordinal)
                && small.EndsWith(".so.12", StringComparison.Ordinal)
            || small.StartsWith("cu", StringComparison.Ordinal)
                && small.EndsWith("_12.dll", StringComparison.Ordinal)
                ? Kind.Cuda12
            : small.StartsWith("libcu", StringComparison.Ordinal)
                && small.EndsWith(".so.13", StringComparison.Ordinal)
            || small.StartsWith("cu", StringComparison.Ordinal)
                && small.EndsWith("_13.dll", StringComparison.Ordinal)
                ? Kind.Cuda13
            : small.StartsWith("libvulkan.", StringComparison.Ordinal) || small == "vulkan-1.dll"
                ? Kind.Vulkan
            : small
                is "vcomp140.dll"
                    or "msvcp140.dll"
                    or "vcruntime140.dll"
                    or "vcruntime140_1.dll"
            || small.StartsWith("libgomp.", StringComparison.Ordinal)
            || small.StartsWith("libstdc++.", StringComparison.Ordinal)
                ? Kind.Runtime
            : Kind.Other;
    }

    private static string RemedyOf(
        Kind kind,
        HostEnvironment host,
        Distribution distribution,
        string folder
    ) =>
        kind switch
        {
            Kind.Driver =>
                "it comes with NVIDIA's driver: install the driver for this card (nvidia.com/drivers, or the system's own package)",
            Kind.Cuda13 => CudaRemedy(host, distribution, 13, folder),
            Kind.Cuda12 => CudaRemedy(host, distribution, 12, folder),
            Kind.Vulkan => host.System == HostSystem.Windows
                ? "it comes with the graphics driver: install the vendor's newest"
                : "install the Vulkan loader: "
                    + distribution switch
                    {
                        Distribution.Debian => "apt install libvulkan1",
                        Distribution.Fedora => "dnf install vulkan-loader",
                        Distribution.Arch => "pacman -S vulkan-icd-loader",
                        _ =>
                            "libvulkan1, vulkan-loader or vulkan-icd-loader, as the system calls it",
                    },
            Kind.Runtime => host.System == HostSystem.Windows
                ? "install Microsoft's Visual C++ Redistributable: winget install Microsoft.VCRedist.2015+."
                    + (host.Platform.EndsWith("arm64", StringComparison.Ordinal) ? "arm64" : "x64")
                : "install the compilers' runtime: "
                    + distribution switch
                    {
                        Distribution.Debian => "apt install libgomp1 libstdc++6",
                        Distribution.Fedora => "dnf install libgomp libstdc++",
                        Distribution.Arch => "pacman -S gcc-libs",
                        _ => "libgomp and libstdc++",
                    },
            _ => "which package brings it is not known here",
        };

    // The folder itself is searched too: RUNPATH $ORIGIN on Linux, the DLL directory on Windows.
    private static string CudaRemedy(
        HostEnvironment host,
        Distribution distribution,
        int version,
        string folder
    ) =>
        $"install the runtime libraries of CUDA {version} (cudart, cublas, cublasLt): "
        + (
            host.System == HostSystem.Windows
                ? $"NVIDIA's CUDA Toolkit {version}, or the archive cudart-llama-bin-win-cuda-{version}.*-x64.zip of llama.cpp's releases unpacked into {folder}"
                : distribution switch
                {
                    Distribution.Debian =>
                        $"from NVIDIA's package repository for this system, cuda-cudart-{version}-* and libcublas-{version}-*",
                    Distribution.Fedora =>
                        $"from NVIDIA's package repository for this system, cuda-cudart-{version}-* and libcublas-{version}-*",
                    Distribution.Arch when version == 13 => "pacman -S cuda",
                    _ => $"from NVIDIA's CUDA Toolkit {version}",
                } + $"; or put the files into {folder}"
        );

    private enum Kind
    {
        Driver,
        Cuda13,
        Cuda12,
        Vulkan,
        Runtime,
        Other,
    }
}
