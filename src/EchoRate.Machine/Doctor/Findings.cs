using System.Globalization;
using System.Text.RegularExpressions;

namespace EchoRate.Machine.Doctor;

/// <summary>Draws conclusions from what was found, and says what to do: all of the doctor's words for people.</summary>
internal sealed partial class Findings(
    HostEnvironment host,
    HostFacts facts,
    IReadOnlyList<ExaminedBackend> backends
)
{
    // Least major versions of NVIDIA's driver: CUDA 13.0's release notes, table of driver versions; CUDA 12's minor-version compatibility.
    private const int LeastForCuda13 = 580;
    private const int LeastForCuda12 = 525;

    public IReadOnlyList<Finding> All()
    {
        List<Finding> findings = [.. Nvidia(), .. OtherCards()];
        var explained = findings.Select(finding => finding.Backend).ToHashSet();
        var broken = backends
            .Where(backend => backend.Works == false && !explained.Contains(backend.Name))
            .SelectMany(Broken)
            // What several backends lack is said once.
            .DistinctBy(finding => finding.Message);
        return [.. findings, .. broken];
    }

    private IEnumerable<Finding> Nvidia()
    {
        if (facts.Driver is null)
        {
            return (facts.Adapters ?? [])
                .Where(adapter => adapter.Vendor == "NVIDIA")
                .Take(1)
                .Select(card => new Finding(
                    "nvidia_driver_missing",
                    $"there is an NVIDIA adapter without NVIDIA's driver ({(card.Driver is null ? "no driver holds it" : card.Driver + " holds it")})",
                    "install NVIDIA's driver; CUDA needs it"
                ));
        }
        var cuda = backends.Where(backend => backend.Name is "cuda" or "cuda12").ToList();
        if (cuda.Count == 0 || cuda.Exists(backend => backend.Works == true))
        {
            return [];
        }
        var version = $"NVIDIA's driver is {facts.Driver.Version}";
        var major = int.Parse(facts.Driver.Version.Split('.')[0], CultureInfo.InvariantCulture);
        if (major < LeastForCuda12)
        {
            return
            [
                new(
                    "nvidia_driver_too_old",
                    $"{version}: CUDA 13 needs {LeastForCuda13} or newer, CUDA 12 {LeastForCuda12} or newer",
                    "update the driver"
                ),
            ];
        }
        if (
            major < LeastForCuda13
            && cuda.Exists(backend => backend is { Name: "cuda", Installed: true })
        )
        {
            return
            [
                new(
                    "nvidia_driver_too_old",
                    $"{version}: CUDA 13 needs {LeastForCuda13} or newer",
                    "update the driver, or: echorate backend add cuda12",
                    "cuda"
                ),
            ];
        }
        var fits = major < LeastForCuda13 ? "cuda12" : "cuda";
        return cuda.Exists(backend => backend.Name == fits && backend.Installed)
            ? []
            :
            [
                new(
                    "cuda_backend_not_installed",
                    $"{version} and the backend {fits} is not installed",
                    $"echorate backend add {fits}"
                ),
            ];
    }

    private IEnumerable<Finding> OtherCards()
    {
        var cards = (facts.Adapters ?? [])
            .Where(adapter => adapter is { Vendor: "AMD" or "Intel", Driver: not null })
            .Select(adapter => adapter.Vendor)
            .Distinct()
            .ToList();
        return
            cards.Count > 0
            && backends.Any(backend => backend is { Name: "vulkan", Installed: false })
            ?
            [
                new(
                    "vulkan_backend_not_installed",
                    $"there is a graphics adapter of {string.Join(" and ", cards)}, and the backend vulkan is not installed",
                    "echorate backend add vulkan"
                ),
            ]
            : [];
    }

    private IEnumerable<Finding> Broken(ExaminedBackend backend)
    {
        var (name, reason) = (backend.Name, backend.Reason!);
        var missing = Library().Matches(reason).Select(match => match.Value).Distinct().ToList();
        if (reason.Contains("does not open") && missing.Count > 0)
        {
            var folder = Path.GetDirectoryName(backend.Where)!;
            return missing
                .GroupBy(library => OriginOf(library, folder))
                .Select(group => new Finding(
                    group.Key.Code,
                    $"the system's loader does not find {string.Join(", ", group)}",
                    group.Key.Remedy,
                    name
                ));
        }
        var (code, message, remedy) = (reason, name) switch
        {
            _ when reason.Contains("no kernel image") => (
                "no_code_for_card",
                $"{name}: {reason}",
                name == "cuda"
                    ? "this library has code for compute capability 8.6, 8.9 and 12 (RTX 30, 40, 50): take the one of CUDA 12, which has code for 5.0 to 8.0 and what a driver makes of 8.6 (echorate backend add cuda12), or vulkan"
                    : "take another backend: echorate backend add vulkan"
            ),
            (_, "vulkan") when reason.Contains("shows no device") => (
                "vulkan_without_device",
                "the Vulkan loader is here, and llama.cpp finds no GPU through it"
                    + facts.VulkanFiles switch
                    {
                        null => "",
                        { Count: 0 } => "; no Vulkan driver is registered",
                        var files =>
                            $"; registered drivers: {string.Join(", ", files.Select(Path.GetFileName))}",
                    },
                "install the vendor's Vulkan driver (on Linux: mesa-vulkan-drivers for AMD and Intel, NVIDIA's own for NVIDIA); a software device counts only with GGML_VK_VISIBLE_DEVICES=0"
            ),
            _ when reason.Contains("shows no device") => (
                "cuda_without_device",
                reason + (facts.Driver is null ? "; no NVIDIA driver was found" : ""),
                "look whether nvidia-smi lists the card, and whether CUDA_VISIBLE_DEVICES hides it"
            ),
            // A hang, a crash, other numbers.
            _ => (
                "backend_broken",
                $"{name}: {reason}",
                "update the card's driver, or take another backend: "
                    + (name == "vulkan" ? "" : "vulkan (echorate backend add vulkan) or ")
                    + "--backend cpu"
            ),
        };
        return [new(code, message, remedy, name)];
    }

    // Where a library comes from that the system's loader did not find.
    private (string Code, string Remedy) OriginOf(string library, string folder)
    {
        var isWindows = host.System == HostSystem.Windows;
        return KindOf(library) switch
        {
            "driver" => (
                "nvidia_driver_missing",
                "it comes with NVIDIA's driver: install the driver for this card (nvidia.com/drivers, or the system's own package)"
            ),
            "cuda12" => ("cuda_runtime_missing", CudaRemedy(12, folder)),
            "cuda13" => ("cuda_runtime_missing", CudaRemedy(13, folder)),
            "vulkan" => (
                "vulkan_loader_missing",
                isWindows
                    ? "it comes with the graphics driver: install the vendor's newest"
                    : "install the Vulkan loader: "
                        + Package(
                            "apt install libvulkan1",
                            "dnf install vulkan-loader",
                            "pacman -S vulkan-icd-loader",
                            "libvulkan1, vulkan-loader or vulkan-icd-loader, as the system calls it"
                        )
            ),
            "runtime" => (
                "runtime_library_missing",
                isWindows
                    ? "install Microsoft's Visual C++ Redistributable: winget install Microsoft.VCRedist.2015+."
                        + (
                            host.Platform.EndsWith("arm64", StringComparison.Ordinal)
                                ? "arm64"
                                : "x64"
                        )
                    : "install the compilers' runtime: "
                        + Package(
                            "apt install libgomp1 libstdc++6",
                            "dnf install libgomp libstdc++",
                            "pacman -S gcc-libs",
                            "libgomp and libstdc++"
                        )
            ),
            _ => ("library_missing", "which package brings it is not known here"),
        };
    }

    private static string? KindOf(string library) =>
        Kind()
            .Match(library)
            .Groups.Cast<Group>()
            .Skip(1)
            .FirstOrDefault(kind => kind.Success)
            ?.Name;

    // The folder itself is searched too: RUNPATH $ORIGIN on Linux, the DLL directory on Windows.
    private string CudaRemedy(int version, string folder)
    {
        var repository =
            $"from NVIDIA's package repository for this system, cuda-cudart-{version}-* and libcublas-{version}-*";
        var toolkit = $"from NVIDIA's CUDA Toolkit {version}";
        return $"install the runtime libraries of CUDA {version} (cudart, cublas, cublasLt): "
            + (
                host.System == HostSystem.Windows
                    ? $"NVIDIA's CUDA Toolkit {version}, or the archive cudart-llama-bin-win-cuda-{version}.*-x64.zip of llama.cpp's releases unpacked into {folder}"
                    : Package(
                        repository,
                        repository,
                        version == 13 ? "pacman -S cuda" : toolkit,
                        toolkit
                    ) + $"; or put the files into {folder}"
            );
    }

    private string Package(string debian, string fedora, string arch, string others) =>
        facts.Distribution switch
        {
            "debian" => debian,
            "fedora" => fedora,
            "arch" => arch,
            _ => others,
        };

    [GeneratedRegex(@"\b(lib[\w+-]+\.so(\.\d+)*|[\w-]+\.dll)(?=[:,; ]|$)(?! does not open)")]
    private static partial Regex Library();

    // Windows' names come in any case.
    [GeneratedRegex(
        @"^(?<driver>libcuda\.so.*|nvcuda\.dll)$|^(?<cuda12>libcu.*\.so\.12|cu.*_12\.dll)$|^(?<cuda13>libcu.*\.so\.13|cu.*_13\.dll)$|^(?<vulkan>libvulkan\..*|vulkan-1\.dll)$|^(?<runtime>(vcomp140|msvcp140|vcruntime140|vcruntime140_1)\.dll|lib(gomp|stdc\+\+)\..*)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Kind();
}
