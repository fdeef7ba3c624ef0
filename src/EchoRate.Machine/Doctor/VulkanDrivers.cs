namespace EchoRate.Machine.Doctor;

/// <summary>The Vulkan drivers of this system: what the Vulkan loader would be told, and what vulkaninfo says of the devices.</summary>
/// <param name="Files">The drivers' description files; null where this system keeps them where we cannot look (Windows: the registry).</param>
/// <param name="Of">For each device's name, its driver's name and version; empty where there is no vulkaninfo.</param>
public sealed record VulkanDrivers(
    IReadOnlyList<string>? Files,
    IReadOnlyDictionary<string, string> Of
)
{
    // The loader's documentation, LoaderDriverInterface.md, "Linux driver discovery".
    private static readonly string[] Folders =
    [
        "/etc/vulkan/icd.d",
        "/usr/local/share/vulkan/icd.d",
        "/usr/share/vulkan/icd.d",
    ];

    /// <summary>Looks.</summary>
    public static VulkanDrivers Find(HostEnvironment host, IHostView view)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(view);
        var named = host.Variable("VK_DRIVER_FILES") ?? host.Variable("VK_ICD_FILENAMES");
        var files =
            host.System == HostSystem.Linux
                ? named?.Split(Path.PathSeparator)
                    ??
                    [
                        .. Folders
                            .SelectMany(view.List)
                            .Where(file => file.EndsWith(".json", StringComparison.Ordinal)),
                    ]
                : null;
        return new VulkanDrivers(files, Parse(view.Run("vulkaninfo", "--summary") ?? ""));
    }

    // deviceName = llvmpipe (LLVM 15.0.6, 256 bits) … driverName = llvmpipe … driverInfo = Mesa 22.3.6 (LLVM 15.0.6)
    private static Dictionary<string, string> Parse(string summary)
    {
        var drivers = new Dictionary<string, string>(StringComparer.Ordinal);
        string? device = null;
        string? driver = null;
        foreach (var line in summary.Split('\n'))
        {
            var pair = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (pair is ["deviceName", var name])
                (device, driver) = (name, null);
            else if (pair is ["driverName", var called])
                driver = called;
            else if (pair is ["driverInfo", var version] && device is not null)
                drivers[device] = driver is null ? version : $"{driver}, {version}";
        }
        return drivers;
    }
}
