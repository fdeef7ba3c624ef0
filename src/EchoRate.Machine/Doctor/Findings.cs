using System.Text.RegularExpressions;

namespace EchoRate.Machine.Doctor;

/// <summary>Draws conclusions from what was found, and says what to do.</summary>
internal sealed partial class Findings(
    HostEnvironment host,
    Distribution distribution,
    NvidiaDriver? driver,
    IReadOnlyList<GraphicsAdapter>? adapters,
    VulkanDrivers vulkan
)
{
    public IEnumerable<Finding> Of(IReadOnlyList<ExaminedBackend> backends)
    {
        var explained = new HashSet<string>();
        foreach (var finding in Nvidia(backends).Concat(OtherCards(backends)))
        {
            if (finding.Backend is { } name)
            {
                explained.Add(name);
            }
            yield return finding;
        }
        var said = new HashSet<string>();
        foreach (
            var backend in backends.Where(backend =>
                backend.Works == false && !explained.Contains(backend.Name)
            )
        )
        {
            foreach (var finding in Broken(backend))
            {
                // What several backends lack is said once.
                if (said.Add(finding.Message))
                {
                    yield return finding with
                    {
                        Backend = backend.Name,
                    };
                }
            }
        }
    }

    private IEnumerable<Finding> Nvidia(IReadOnlyList<ExaminedBackend> backends)
    {
        if (driver is null)
        {
            if (adapters?.FirstOrDefault(adapter => adapter.Vendor == "NVIDIA") is { } card)
            {
                yield return new Finding(
                    "nvidia_driver_missing",
                    $"there is an NVIDIA adapter without NVIDIA's driver ({(card.Driver is null ? "no driver holds it" : card.Driver + " holds it")})",
                    "install NVIDIA's driver; CUDA needs it"
                );
            }
            yield break;
        }
        var cuda = backends.Where(backend => backend.Name is "cuda" or "cuda12").ToList();
        if (cuda.Count == 0 || cuda.Exists(backend => backend.Works == true))
        {
            yield break;
        }
        var version = $"NVIDIA's driver is {driver.Version}";
        if (driver.Backend is not { } suits)
        {
            yield return new Finding(
                "nvidia_driver_too_old",
                $"{version}: CUDA 13 needs {NvidiaDriver.LeastForCuda13} or newer, CUDA 12 {NvidiaDriver.LeastForCuda12} or newer",
                "update the driver"
            );
        }
        else if (
            suits == "cuda12"
            && cuda.Exists(backend => backend is { Name: "cuda", Installed: true })
        )
        {
            yield return new Finding(
                "nvidia_driver_too_old",
                $"{version}: CUDA 13 needs {NvidiaDriver.LeastForCuda13} or newer",
                "update the driver, or: echorate backend add cuda12"
            )
            {
                Backend = "cuda",
            };
        }
        else if (!cuda.Exists(backend => backend.Name == suits && backend.Installed))
        {
            yield return new Finding(
                "cuda_backend_not_installed",
                $"{version} and the backend {suits} is not installed",
                $"echorate backend add {suits}"
            );
        }
    }

    private IEnumerable<Finding> OtherCards(IReadOnlyList<ExaminedBackend> backends)
    {
        var cards = (adapters ?? [])
            .Where(adapter => adapter is { Vendor: "AMD" or "Intel", Driver: not null })
            .Select(adapter => adapter.Vendor)
            .Distinct()
            .ToList();
        if (
            cards.Count > 0
            && backends.Any(backend => backend is { Name: "vulkan", Installed: false })
        )
        {
            yield return new Finding(
                "vulkan_backend_not_installed",
                $"there is a graphics adapter of {string.Join(" and ", cards)}, and the backend vulkan is not installed",
                "echorate backend add vulkan"
            );
        }
    }

    private IEnumerable<Finding> Broken(ExaminedBackend backend)
    {
        var reason = backend.Reason!;
        var missing = Library().Matches(reason).Select(match => match.Value).Distinct().ToList();
        if (reason.Contains("does not open", StringComparison.Ordinal) && missing.Count > 0)
        {
            return MissingLibraries.Explain(
                host,
                distribution,
                missing,
                Path.GetDirectoryName(backend.Where)!
            );
        }
        if (reason.Contains("no kernel image", StringComparison.Ordinal))
        {
            return
            [
                new Finding(
                    "no_code_for_card",
                    $"{backend.Name}: {reason}",
                    backend.Name == "cuda"
                        ? "this library has code for compute capability 8.6, 8.9 and 12 (RTX 30, 40, 50): take the one of CUDA 12, which has code for 5.0 to 8.0 and what a driver makes of 8.6 (echorate backend add cuda12), or vulkan"
                        : "take another backend: echorate backend add vulkan"
                ),
            ];
        }
        if (reason.Contains("shows no device", StringComparison.Ordinal))
        {
            return
            [
                backend.Name == "vulkan"
                    ? new Finding(
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
                    )
                    : new Finding(
                        "cuda_without_device",
                        reason + (driver is null ? "; no NVIDIA driver was found" : ""),
                        "look whether nvidia-smi lists the card, and whether CUDA_VISIBLE_DEVICES hides it"
                    ),
            ];
        }
        // A hang, a crash, other numbers.
        return
        [
            new Finding(
                "backend_broken",
                $"{backend.Name}: {reason}",
                "update the card's driver, or take another backend: "
                    + (
                        backend.Name == "vulkan"
                            ? "--backend cpu"
                            : "vulkan (echorate backend add vulkan) or --backend cpu"
                    )
            ),
        ];
    }

    [GeneratedRegex(@"\b(lib[\w+-]+\.so(\.\d+)*|[\w-]+\.dll)(?=[:,; ]|$)(?! does not open)")]
    private static partial Regex Library();
}
