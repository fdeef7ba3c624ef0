using EchoRate.Machine.Natives;

namespace EchoRate.Machine.Doctor;

/// <summary>Draws conclusions from what was found, and says what to do.</summary>
internal sealed class Findings(
    HostEnvironment host,
    Distribution distribution,
    NvidiaDriver? driver,
    IReadOnlyList<GraphicsAdapter>? adapters,
    VulkanDrivers vulkan
)
{
    public IEnumerable<Finding> Of(IReadOnlyList<Examined> seen)
    {
        foreach (var finding in Nvidia(seen))
            yield return finding;
        foreach (var finding in OtherCards(seen))
            yield return finding;
        var said = new HashSet<string>();
        foreach (var one in seen.Where(one => one.Health is { Works: false }))
        foreach (var finding in Broken(one))
        {
            // What several backends lack is said once.
            if (said.Add(finding.Message))
                yield return finding with
                {
                    Backend = one.Name,
                };
        }
    }

    private IEnumerable<Finding> Nvidia(IReadOnlyList<Examined> seen)
    {
        var cuda = seen.Where(one => one.Name is "cuda" or "cuda12").ToList();
        if (driver is null)
        {
            if (adapters?.Any(adapter => adapter.Vendor == "NVIDIA") == true)
            {
                var held = adapters.First(adapter => adapter.Vendor == "NVIDIA").Driver;
                yield return new Finding(
                    "nvidia_driver_missing",
                    $"there is an NVIDIA adapter without NVIDIA's driver ({(held is null ? "no driver holds it" : held + " holds it")})",
                    "install NVIDIA's driver; CUDA needs it"
                );
            }
            yield break;
        }
        if (cuda.Exists(one => one.Health is { Works: true }) || cuda.Count == 0)
            yield break;
        var version = $"NVIDIA's driver is {driver.Version}";
        if (driver.Backend is null)
            yield return new Finding(
                "nvidia_driver_too_old",
                $"{version}: CUDA 13 needs {NvidiaDriver.LeastForCuda13} or newer, CUDA 12 {NvidiaDriver.LeastForCuda12} or newer",
                "update the driver"
            );
        else if (
            cuda.Find(one => one.Name == "cuda") is { Health: not null }
            && driver.Backend == "cuda12"
        )
            yield return new Finding(
                "nvidia_driver_too_old",
                $"{version}: CUDA 13 needs {NvidiaDriver.LeastForCuda13} or newer",
                cuda.Exists(one => one is { Name: "cuda12", Health: not null })
                    ? "update the driver, or use cuda12"
                    : "update the driver, or: echorate backend add cuda12"
            )
            {
                Backend = "cuda",
            };
        else if (!cuda.Exists(one => one.Name == driver.Backend && one.Health is not null))
            yield return new Finding(
                "cuda_backend_not_installed",
                $"{version} and the backend {driver.Backend} is not installed",
                cuda.Exists(one => one.Backend is not null)
                    ? $"echorate backend add {driver.Backend}"
                    : $"put llama.cpp's library for CUDA into the folder that {LlamaLocator.FolderVariable} names, or unset it"
            );
    }

    private IEnumerable<Finding> OtherCards(IReadOnlyList<Examined> seen)
    {
        var cards = adapters
            ?.Where(adapter => adapter is { Vendor: "AMD" or "Intel", Driver: not null })
            .Select(adapter => adapter.Vendor)
            .Distinct()
            .ToList();
        if (
            cards is { Count: > 0 }
            && seen.Any(one => one is { Name: "vulkan", Backend: not null, Libraries: null })
        )
            yield return new Finding(
                "vulkan_backend_not_installed",
                $"there is a graphics adapter of {string.Join(" and ", cards)}, and the backend vulkan is not installed",
                "echorate backend add vulkan"
            );
    }

    private IEnumerable<Finding> Broken(Examined one)
    {
        var health = one.Health!;
        if (health.Missing.Count > 0)
            return MissingLibraries.Explain(
                host,
                distribution,
                health.Missing,
                one.Libraries!.Directory
            );
        if (one.Name == "vulkan" && health.Facts is not null)
            return
            [
                new Finding(
                    "vulkan_without_device",
                    "the Vulkan loader is here, and llama.cpp finds no GPU through it"
                        + vulkan.Files switch
                        {
                            null => "",
                            { Count: 0 } => "; no Vulkan driver is registered",
                            var files =>
                                $"; registered drivers: {string.Join(", ", files.Select(Path.GetFileName))}",
                        },
                    "install the vendor's Vulkan driver (on Linux: mesa-vulkan-drivers for AMD and Intel, NVIDIA's own for NVIDIA); a software device counts only with GGML_VK_VISIBLE_DEVICES=0"
                ),
            ];
        // Too old a driver is said already.
        if (one.Name == "cuda" && driver?.Major < NvidiaDriver.LeastForCuda13)
            return [];
        if (one.Name is "cuda" or "cuda12" && health.Facts is not null)
            return
            [
                new Finding(
                    "cuda_without_device",
                    $"{health.Reason}" + (driver is null ? "; no NVIDIA driver was found" : ""),
                    "look whether nvidia-smi lists the card, and whether CUDA_VISIBLE_DEVICES hides it"
                ),
            ];
        return [new Finding("backend_broken", health.Reason!, null)];
    }
}
