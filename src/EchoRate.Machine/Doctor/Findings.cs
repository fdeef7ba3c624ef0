using System.Text.RegularExpressions;
using EchoRate.Machine.Host;

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

    private readonly List<Finding> _findings = [];

    public IReadOnlyList<Finding> All()
    {
        Nvidia();
        OtherCards();
        var explained = _findings.Select(finding => finding.Backend).ToHashSet();
        foreach (var backend in backends.Where(backend => backend.Works == false))
        {
            if (!explained.Contains(backend.Name))
            {
                Broken(backend.Name, backend.Reason!, Path.GetDirectoryName(backend.Where)!);
            }
        }
        // What several backends lack is said once.
        return [.. _findings.DistinctBy(finding => finding.Message)];
    }

    private void Say(string code, string message, string remedy, string? backend = null) =>
        _findings.Add(new Finding(code, message, remedy, backend));

    private void Nvidia()
    {
        if (facts.NvidiaDriver is not { } version)
        {
            if (facts.Adapters?.FirstOrDefault(card => card.Vendor == "NVIDIA") is { } card)
            {
                Say(
                    "nvidia_driver_missing",
                    $"there is an NVIDIA adapter without NVIDIA's driver ({card.Driver ?? "no driver"} holds it)",
                    "install NVIDIA's driver; CUDA needs it"
                );
            }
            return;
        }
        var cuda = backends.Where(backend => backend.Name is "cuda" or "cuda12").ToList();
        if (cuda.Count == 0 || cuda.Exists(backend => backend.Works == true))
        {
            return;
        }
        var major = int.Parse(version.Split('.')[0]);
        var fits = major < LeastForCuda13 ? "cuda12" : "cuda";
        if (major < LeastForCuda12)
        {
            Say(
                "nvidia_driver_too_old",
                $"NVIDIA's driver is {version}: CUDA 13 needs {LeastForCuda13} or newer, CUDA 12 {LeastForCuda12} or newer",
                "update the driver"
            );
        }
        else if (fits == "cuda12" && cuda.Exists(one => one is { Name: "cuda", Installed: true }))
        {
            Say(
                "nvidia_driver_too_old",
                $"NVIDIA's driver is {version}: CUDA 13 needs {LeastForCuda13} or newer",
                "update the driver, or: echorate backend add cuda12",
                "cuda"
            );
        }
        else if (!cuda.Exists(backend => backend.Name == fits && backend.Installed))
        {
            Say(
                "cuda_backend_not_installed",
                $"NVIDIA's driver is {version} and the backend {fits} is not installed",
                $"echorate backend add {fits}"
            );
        }
    }

    private void OtherCards()
    {
        var vendors = (facts.Adapters ?? [])
            .Where(adapter => adapter is { Vendor: "AMD" or "Intel", Driver: not null })
            .Select(adapter => adapter.Vendor)
            .Distinct()
            .ToList();
        if (vendors.Count > 0 && backends.Any(one => one is { Name: "vulkan", Installed: false }))
        {
            Say(
                "vulkan_backend_not_installed",
                $"there is a graphics adapter of {string.Join(" and ", vendors)}, and the backend vulkan is not installed",
                "echorate backend add vulkan"
            );
        }
    }

    private void Broken(string name, string reason, string folder)
    {
        var missing = Library().Matches(reason).Select(match => match.Value).Distinct().ToList();
        if (reason.Contains("does not open") && missing.Count > 0)
        {
            foreach (var group in missing.GroupBy(library => OriginOf(library, folder)))
            {
                var message = $"the system's loader does not find {string.Join(", ", group)}";
                Say(group.Key.Code, message, group.Key.Remedy, name);
            }
        }
        else if (reason.Contains("no kernel image"))
        {
            Say(
                "no_code_for_card",
                $"{name}: {reason}",
                name == "cuda"
                    ? "this library has code for compute capability 8.6, 8.9 and 12 (RTX 30, 40, 50): take the one of CUDA 12, which has code for 5.0 to 8.0 and what a driver makes of 8.6 (echorate backend add cuda12), or vulkan"
                    : "take another backend: echorate backend add vulkan",
                name
            );
        }
        else if (reason.Contains("shows no device") && name == "vulkan")
        {
            var drivers = facts.VulkanFiles switch
            {
                null => "",
                [] => "; no Vulkan driver is registered",
                var files =>
                    $"; registered drivers: {string.Join(", ", files.Select(Path.GetFileName))}",
            };
            Say(
                "vulkan_without_device",
                $"the Vulkan loader is here, and llama.cpp finds no GPU through it{drivers}",
                "install the vendor's Vulkan driver (on Linux: mesa-vulkan-drivers for AMD and Intel, NVIDIA's own for NVIDIA); a software device counts only with GGML_VK_VISIBLE_DEVICES=0",
                name
            );
        }
        else if (reason.Contains("shows no device"))
        {
            Say(
                "cuda_without_device",
                reason + (facts.NvidiaDriver is null ? "; no NVIDIA driver was found" : ""),
                "look whether nvidia-smi lists the card, and whether CUDA_VISIBLE_DEVICES hides it",
                name
            );
        }
        else
        {
            // A hang, a crash, other numbers.
            var other = name == "vulkan" ? "" : "vulkan (echorate backend add vulkan) or ";
            Say(
                "backend_broken",
                $"{name}: {reason}",
                $"update the card's driver, or take another backend: {other}--backend cpu",
                name
            );
        }
    }

    // Where a library comes from that the system's loader did not find.
    private (string Code, string Remedy) OriginOf(string library, string folder)
    {
        var isWindows = host.IsWindows;
        var kinds = Kind().Match(library).Groups.Cast<Group>().Skip(1);
        return kinds.FirstOrDefault(kind => kind.Success)?.Name switch
        {
            "driver" => (
                "nvidia_driver_missing",
                "it comes with NVIDIA's driver: install the driver for this card (nvidia.com/drivers, or the system's own package)"
            ),
            "cuda12" => ("cuda_runtime_missing", CudaRemedy(12, folder)),
            "cuda13" => ("cuda_runtime_missing", CudaRemedy(13, folder)),
            "vulkan" when isWindows => (
                "vulkan_loader_missing",
                "it comes with the graphics driver: install the vendor's newest"
            ),
            "vulkan" => (
                "vulkan_loader_missing",
                "install the Vulkan loader: apt install libvulkan1, dnf install vulkan-loader, or pacman -S vulkan-icd-loader"
            ),
            "runtime" when isWindows => (
                "runtime_library_missing",
                $"install Microsoft's Visual C++ Redistributable: winget install Microsoft.VCRedist.2015+.{host.Platform["win-".Length..]}"
            ),
            "runtime" => (
                "runtime_library_missing",
                "install the compilers' runtime: apt install libgomp1 libstdc++6, dnf install libgomp libstdc++, or pacman -S gcc-libs"
            ),
            _ => ("library_missing", "which package brings it is not known here"),
        };
    }

    // The folder itself is searched too: RUNPATH $ORIGIN on Linux, the DLL directory on Windows.
    private string CudaRemedy(int version, string folder)
    {
        var how = host.IsWindows
            ? $"NVIDIA's CUDA Toolkit {version}, or the archive cudart-llama-bin-win-cuda-{version}.*-x64.zip of llama.cpp's releases unpacked into {folder}"
            : $"from NVIDIA's package repository for this system, cuda-cudart-{version}-* and libcublas-{version}-*, or NVIDIA's CUDA Toolkit {version}; or put the files into {folder}";
        return $"install the runtime libraries of CUDA {version} (cudart, cublas, cublasLt): {how}";
    }

    [GeneratedRegex(@"\b(lib[\w+-]+\.so(\.\d+)*|[\w-]+\.dll)(?=[:,; ]|$)(?! does not open)")]
    private static partial Regex Library();

    // Windows' names come in any case.
    [GeneratedRegex(
        """
            ^(?<driver>libcuda\.so.*|nvcuda\.dll)$
            |^(?<cuda12>libcu.*\.so\.12|cu.*_12\.dll)$
            |^(?<cuda13>libcu.*\.so\.13|cu.*_13\.dll)$
            |^(?<vulkan>libvulkan\..*|vulkan-1\.dll)$
            |^(?<runtime>(vcomp140|msvcp140|vcruntime140|vcruntime140_1)\.dll|lib(gomp|stdc\+\+)\..*)$
            """,
        RegexOptions.IgnoreCase
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnorePatternWhitespace
    )]
    private static partial Regex Kind();
}
