using System.Text.RegularExpressions;
using EchoRate.Machine.Host;

namespace EchoRate.Machine.Doctor;

/// <summary>A graphics adapter on the bus, and the kernel's driver that holds it: nvidia, nouveau, amdgpu; null for none.</summary>
public sealed record GraphicsAdapter(string Vendor, string? Driver);

/// <summary>What the system says of its drivers.</summary>
internal sealed partial record HostFacts
{
    // The Vulkan loader's documentation, LoaderDriverInterface.md, "Linux driver discovery".
    private static readonly string[] _vulkanFolders =
    [
        "/etc/vulkan/icd.d",
        "/usr/local/share/vulkan/icd.d",
        "/usr/share/vulkan/icd.d",
    ];

    /// <summary>The version of NVIDIA's driver, for example <c>580.65.06</c>; null where none is loaded.</summary>
    public string? NvidiaDriver { get; init; }

    /// <summary>The file or program that says so.</summary>
    public string? NvidiaDriverSource { get; init; }

    /// <summary>The adapters; null where the system does not show its bus (only Linux does).</summary>
    public IReadOnlyList<GraphicsAdapter>? Adapters { get; init; }

    /// <summary>The description files of Vulkan drivers; null where the system keeps them elsewhere (Windows: the registry).</summary>
    public IReadOnlyList<string>? VulkanFiles { get; init; }

    /// <summary>For each Vulkan device's name, its driver's name and version; empty where there is no vulkaninfo.</summary>
    public required IReadOnlyDictionary<string, string> VulkanDrivers { get; init; }

    /// <summary>Looks at a machine.</summary>
    public static async Task<HostFacts> ReadAsync(HostEnvironment host, HostView view)
    {
        var (driver, source) = await NvidiaDriverAsync(view);
        var adapters = view.List("/sys/bus/pci/devices")
            .Select(device => AdapterIn(view.ReadText(device + "/uevent") ?? ""))
            .ToList();
        var named = view.Variable("VK_DRIVER_FILES") ?? view.Variable("VK_ICD_FILENAMES");
        var files = named?.Split(Path.PathSeparator) ?? _vulkanFolders.SelectMany(view.List);
        return new HostFacts
        {
            NvidiaDriver = driver,
            NvidiaDriverSource = source,
            Adapters = adapters.Count == 0 ? null : [.. adapters.OfType<GraphicsAdapter>()],
            VulkanFiles = host.IsLinux
                ? [.. files.Where(file => named is not null || Path.GetExtension(file) == ".json")]
                : null,
            VulkanDrivers = VulkanDriversIn(await view.RunAsync("vulkaninfo", "--summary") ?? ""),
        };
    }

    // DRIVER=nvidia, PCI_CLASS=30000, PCI_ID=10DE:2684. Class 03 is a display; an NVIDIA card for computing is 0302 (30200).
    private static GraphicsAdapter? AdapterIn(string uevent)
    {
        var values = Pairs(uevent).ToLookup(pair => pair[0], pair => pair[1]);
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
    private static async Task<(string? Version, string? Source)> NvidiaDriverAsync(HostView view)
    {
        const string file = "/proc/driver/nvidia/version";
        const string tool = "nvidia-smi";
        if (Version().Match(view.ReadText(file) ?? "") is { Success: true } version)
        {
            return (version.Value, file);
        }
        // Windows, and Linux inside Windows, have no such file.
        var said = await view.RunAsync(tool, "--query-gpu=driver_version", "--format=csv,noheader");
        return Version().Match(said ?? "") is { Success: true } asked
            ? (asked.Value, tool)
            : (null, null);
    }

    // deviceName = llvmpipe (LLVM 15.0.6, 256 bits) … driverName = llvmpipe … driverInfo = Mesa 22.3.6 (LLVM 15.0.6)
    private static Dictionary<string, string> VulkanDriversIn(string summary)
    {
        var drivers = new Dictionary<string, string>();
        var (device, driver) = ("", "");
        foreach (var pair in Pairs(summary))
        {
            (device, driver) = pair[0] switch
            {
                "deviceName" => (pair[1], ""),
                "driverName" => (device, pair[1] + ", "),
                _ => (device, driver),
            };
            if (pair[0] == "driverInfo")
            {
                drivers[device] = driver + pair[1];
            }
        }
        return drivers;
    }

    private static IEnumerable<string[]> Pairs(string text) =>
        text.Split('\n')
            .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair.Length == 2);

    [GeneratedRegex(@"(?<![\w.])\d{3,4}\.\d{2,3}(\.\d{2})?(?![\w.])")]
    private static partial Regex Version();
}
