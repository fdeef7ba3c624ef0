namespace EchoRate.Machine.Doctor;

/// <summary>A graphics adapter on the bus, whether or not anything can compute on it.</summary>
/// <param name="Vendor"><c>NVIDIA</c>, <c>AMD</c>, <c>Intel</c>, or the vendor's number.</param>
/// <param name="Driver">The kernel's driver that holds it, for example <c>nvidia</c>, <c>nouveau</c>, <c>amdgpu</c>; null for none.</param>
public sealed record GraphicsAdapter(string Vendor, string? Driver)
{
    private const string Bus = "/sys/bus/pci/devices";

    /// <summary>The adapters; null where the system does not show its bus (only Linux does).</summary>
    public static IReadOnlyList<GraphicsAdapter>? Find(IHostView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var devices = view.List(Bus);
        return devices.Count == 0
            ? null
            :
            [
                .. devices
                    .Select(device => view.ReadText(device + "/uevent"))
                    .OfType<string>()
                    .Select(Parse)
                    .OfType<GraphicsAdapter>(),
            ];
    }

    // DRIVER=nvidia, PCI_CLASS=30000, PCI_ID=10DE:2684. Class 03 is a display; an NVIDIA card for computing is 0302 (30200).
    private static GraphicsAdapter? Parse(string uevent)
    {
        var values = uevent
            .Split('\n')
            .Select(line => line.Trim().Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1]);
        var id = values["PCI_ID"].FirstOrDefault()?.Split(':')[0].ToUpperInvariant();
        return
            id is not null
            && values["PCI_CLASS"].FirstOrDefault() is { Length: 5 } kind
            && kind.StartsWith('3')
            ? new GraphicsAdapter(NameOf(id), values["DRIVER"].FirstOrDefault())
            : null;
    }

    private static string NameOf(string vendor) =>
        vendor switch
        {
            "10DE" => "NVIDIA",
            "1002" => "AMD",
            "8086" => "Intel",
            _ => "vendor " + vendor,
        };
}
