using System.Text.RegularExpressions;

namespace EchoRate.Machine.Doctor;

/// <summary>A graphics adapter on the bus, whether or not anything can compute on it.</summary>
/// <param name="Vendor"><c>NVIDIA</c>, <c>AMD</c>, <c>Intel</c>, or the vendor's number.</param>
/// <param name="Driver">The kernel's driver that holds it, for example <c>nvidia</c>, <c>nouveau</c>, <c>amdgpu</c>; null for none.</param>
public sealed record GraphicsAdapter(string Vendor, string? Driver);

/// <summary>NVIDIA's driver.</summary>
/// <param name="Version">Its version, for example <c>580.65.06</c>.</param>
/// <param name="Source">Who says so: the file or program.</param>
internal sealed record NvidiaDriver(string Version, string Source);

/// <summary>What the system says of its drivers and packages.</summary>
internal sealed partial record HostFacts
{
    private const string KernelFile = "/proc/driver/nvidia/version";
    private const string Smi = "nvidia-smi";

    // The Vulkan loader's documentation, LoaderDriverInterface.md, "Linux driver discovery".
    private static readonly string[] _vulkanFolders =
    [
        "/etc/vulkan/icd.d",
        "/usr/local/share/vulkan/icd.d",
        "/usr/share/vulkan/icd.d",
    ];

    /// <summary>By whose names packages are called: <c>debian</c>, <c>fedora</c>, <c>arch</c>; null for other systems.</summary>
    public string? Distribution { get; init; }

    /// <summary>NVIDIA's driver; null where none is loaded.</summary>
    public NvidiaDriver? Driver { get; init; }

    /// <summary>The adapters; null where the system does not show its bus (only Linux does).</summary>
    public IReadOnlyList<GraphicsAdapter>? Adapters { get; init; }

    /// <summary>The description files of Vulkan drivers; null where the system keeps them elsewhere (Windows: the registry).</summary>
    public IReadOnlyList<string>? VulkanFiles { get; init; }

    /// <summary>For each Vulkan device's name, its driver's name and version; empty where there is no vulkaninfo.</summary>
    public required IReadOnlyDictionary<string, string> VulkanDrivers { get; init; }

    /// <summary>Looks at a machine.</summary>
    public static async Task<HostFacts> ReadAsync(HostEnvironment host, HostView view)
    {
        var adapters = view.List("/sys/bus/pci/devices")
            .Select(device => AdapterIn(view.ReadText(device + "/uevent") ?? ""))
            .ToList();
        var files =
            (host.Variable("VK_DRIVER_FILES") ?? host.Variable("VK_ICD_FILENAMES"))?.Split(
                Path.PathSeparator
            )
            ?? _vulkanFolders
                .SelectMany(view.List)
                .Where(file => file.EndsWith(".json", StringComparison.Ordinal));
        return new HostFacts
        {
            Distribution = DistributionIn(view.ReadText("/etc/os-release") ?? ""),
            Driver = await NvidiaDriverAsync(view),
            Adapters = adapters.Count == 0 ? null : [.. adapters.OfType<GraphicsAdapter>()],
            VulkanFiles = host.System == HostSystem.Linux ? [.. files] : null,
            VulkanDrivers = VulkanDriversIn(await view.RunAsync("vulkaninfo", "--summary") ?? ""),
        };
    }

    // os-release(5).
    private static string? DistributionIn(string text)
    {
        var names = text.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair is ["ID" or "ID_LIKE", _])
            .SelectMany(pair => pair[1].Trim().Trim('"').Split(' '))
            .ToHashSet();
        return names.Overlaps(["debian", "ubuntu"]) ? "debian"
            : names.Overlaps(["fedora", "rhel", "centos"]) ? "fedora"
            : names.Contains("arch") ? "arch"
            : null;
    }

    // DRIVER=nvidia, PCI_CLASS=30000, PCI_ID=10DE:2684. Class 03 is a display; an NVIDIA card for computing is 0302 (30200).
    private static GraphicsAdapter? AdapterIn(string uevent)
    {
        var values = uevent
            .Split('\n')
            .Select(line => line.Trim().Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1]);
        if (
            values["PCI_ID"].FirstOrDefault()?.Split(':')[0].ToUpperInvariant() is not { } vendor
            || values["PCI_CLASS"].FirstOrDefault() is not ['3', _, _, _, _]
        )
        {
            return null;
        }
        var name = vendor switch
        {
            "10DE" => "NVIDIA",
            "1002" => "AMD",
            "8086" => "Intel",
            _ => "vendor " + vendor,
        };
        return new GraphicsAdapter(name, values["DRIVER"].FirstOrDefault());
    }

    // NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024
    private static async Task<NvidiaDriver?> NvidiaDriverAsync(HostView view)
    {
        if (Version().Match(view.ReadText(KernelFile) ?? "") is { Success: true } version)
        {
            return new NvidiaDriver(version.Value, KernelFile);
        }
        // Windows, and Linux inside Windows, have no such file.
        var printed = await view.RunAsync(
            Smi,
            "--query-gpu=driver_version",
            "--format=csv,noheader"
        );
        return Version().Match(printed ?? "") is { Success: true } asked
            ? new NvidiaDriver(asked.Value, Smi)
            : null;
    }

    // deviceName = llvmpipe (LLVM 15.0.6, 256 bits) … driverName = llvmpipe … driverInfo = Mesa 22.3.6 (LLVM 15.0.6)
    private static Dictionary<string, string> VulkanDriversIn(string summary)
    {
        var drivers = new Dictionary<string, string>();
        string? device = null;
        string? driver = null;
        foreach (var line in summary.Split('\n'))
        {
            var pair = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is ["deviceName", var name])
            {
                (device, driver) = (name, null);
            }
            else if (pair is ["driverName", var called])
            {
                driver = called;
            }
            else if (pair is ["driverInfo", var version] && device is not null)
            {
                drivers[device] = driver is null ? version : $"{driver}, {version}";
            }
        }
        return drivers;
    }

    [GeneratedRegex(@"(?<![\w.])\d{3,4}\.\d{2,3}(\.\d{2})?(?![\w.])")]
    private static partial Regex Version();
}
