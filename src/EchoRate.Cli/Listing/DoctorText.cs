using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Text;
using EchoRate.Machine.Doctor;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Cli.Listing;

/// <summary>The doctor's report for people, and its table of backends for <c>backend list</c>.</summary>
internal static class DoctorText
{
    private const string NotKnown = "not known";

    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(DoctorReport report, UserTerminal terminal)
    {
        List<string> lines =
        [
            .. report.Engine is { } engine ? Engine(engine) : [],
            $"platform       {report.Platform}",
            $"NVIDIA driver  {(report.NvidiaDriver is { } driver ? $"{driver} ({report.NvidiaDriverSource})" : "none found")}",
        ];
        if (report.Adapters is { } adapters)
        {
            var names = adapters.Select(one => $"{one.Vendor} ({one.Driver ?? "no driver"})");
            lines.Add(
                $"adapters       {(adapters.Count == 0 ? "none on the bus" : string.Join(", ", names))}"
            );
        }
        if (report.Devices.Count > 0)
        {
            lines.Add("\n" + Devices(report.Devices, terminal).TrimEnd('\n'));
        }
        if (report.Backends.Count > 0)
        {
            lines.Add("\n" + Backends(report.Backends, terminal).TrimEnd('\n'));
        }
        foreach (var finding in report.Findings)
        {
            var backend = finding.Backend is { } name ? name + ": " : "";
            lines.Add($"\n{backend}{TerminalText.Of(finding.Message)}");
            if (finding.Remedy is { } remedy)
            {
                lines.Add($"  → {TerminalText.Of(remedy)}");
            }
        }
        lines.Add(
            report.WouldRun
                ? $"\nA run would work, on {report.Engine!.Backend}."
                : $"\nA run would not work: {TerminalText.Of(report.Failure ?? NotKnown)}"
        );
        return string.Join('\n', lines) + "\n";
    }

    public static string Backends(IReadOnlyList<ExaminedBackend> backends, UserTerminal terminal) =>
        ScreenTable.Render(
            DataTable.Of(
                "",
                backends,
                [
                    ("Backend", backend => backend.Name),
                    ("Installed", backend => YesNo(backend.Installed)),
                    ("Works here", backend => backend.Works is { } works ? YesNo(works) : ""),
                    (
                        Number("Size"),
                        backend =>
                            backend.DiskBytes is { } bytes
                                ? QuantizeWords.Size(bytes)
                                : QuantizeWords.Size(backend.DownloadBytes) + " to download"
                    ),
                    (
                        "Where, or why not",
                        backend =>
                            backend.Reason
                            ?? (
                                backend.Installed
                                    ? backend.Where
                                    : $"echorate backend add {backend.Name}"
                            )
                    ),
                ]
            ),
            terminal.Style
        );

    private static string Devices(IReadOnlyList<ExaminedDevice> devices, UserTerminal terminal) =>
        ScreenTable.Render(
            DataTable.Of(
                "",
                devices,
                [
                    ("Device", device => device.Name),
                    ("What it is", device => device.Description),
                    ("Backend", device => device.Backend),
                    (Number("Free"), device => Size(device.FreeBytes)),
                    (Number("Memory"), device => Size(device.TotalBytes)),
                    (
                        "Driver",
                        device => device.Driver ?? (device.Backend == "cpu" ? "" : NotKnown)
                    ),
                ]
            ),
            terminal.Style
        );

    private static string Size(long? bytes) =>
        bytes is { } known ? QuantizeWords.Size(known) : NotKnown;

    private static IEnumerable<string> Engine(EngineInUse engine) =>
        [
            $"engine         {engine.Name} {engine.Version}",
            $"backend        {engine.Backend}",
            $"libraries      {TerminalText.Of(engine.LibraryFolder)}",
            $"CPU library    {engine.CpuLibrary ?? NotKnown}",
            .. engine.Plugin is { } plugin
                ? [$"GPU library    {TerminalText.Of(plugin.Path)}, sha256:{plugin.Sha256[..12]}"]
                : Array.Empty<string>(),
            .. engine.Notes.Select(note => $"               {TerminalText.Of(note)}"),
        ];

    private static string YesNo(bool value) => value ? "yes" : "no";
}
