using System.Globalization;
using System.Text;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Machine.Doctor;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Backends;

/// <summary>The doctor's report for people.</summary>
internal static class DoctorText
{
    private const string NotKnown = "not known";

    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(DoctorReport report, UserTerminal terminal)
    {
        var style = new TableStyle { Width = terminal.Width, Colour = false };
        var text = new StringBuilder();
        if (report.Engine is { } engine)
        {
            Line(text, $"engine         {engine.Name} {engine.Version}");
            Line(text, $"backend        {engine.Backend}");
            Line(text, $"libraries      {TerminalText.Of(engine.LibraryFolder)}");
            Line(text, $"CPU library    {engine.CpuLibrary ?? NotKnown}");
            if (engine.Plugin is { } plugin)
            {
                Line(
                    text,
                    $"GPU library    {TerminalText.Of(plugin.Path)}, sha256:{plugin.Sha256[..12]}"
                );
            }
            foreach (var note in engine.Notes)
            {
                Line(text, $"               {TerminalText.Of(note)}");
            }
        }
        Line(text, $"platform       {report.Platform}");
        Line(
            text,
            $"NVIDIA driver  {(report.NvidiaDriver is { } driver ? $"{driver} ({report.NvidiaDriverSource})" : "none found")}"
        );
        if (report.Adapters is { } adapters)
        {
            Line(
                text,
                $"adapters       {(adapters.Count == 0 ? "none on the bus" : string.Join(", ", adapters.Select(adapter => $"{adapter.Vendor} ({adapter.Driver ?? "no driver"})")))}"
            );
        }
        if (report.Devices.Count > 0)
        {
            text.Append('\n').Append(Devices(report, style));
        }
        if (report.Backends.Count > 0)
        {
            text.Append('\n').Append(BackendText.Table(report.Backends, style));
        }
        foreach (var finding in report.Findings)
        {
            Line(
                text,
                $"\n{(finding.Backend is { } backend ? backend + ": " : "")}{TerminalText.Of(finding.Message)}"
            );
            if (finding.Remedy is { } remedy)
            {
                Line(text, $"  → {TerminalText.Of(remedy)}");
            }
        }
        Line(
            text,
            report.WouldRun
                ? $"\nA run would work, on {report.Engine!.Backend}."
                : $"\nA run would not work: {TerminalText.Of(report.Failure ?? NotKnown)}"
        );
        return text.ToString();
    }

    private static string Devices(DoctorReport report, TableStyle style) =>
        PlainTable.Render(
            ["Device", "What it is", "Backend", "Free", "Memory", "Driver"],
            [3, 4],
            1,
            report.Devices.Select(device =>
                (IReadOnlyList<string>)
                    [
                        device.Name,
                        device.Description,
                        device.Backend,
                        device.FreeBytes is { } free ? QuantizeWords.Size(free) : NotKnown,
                        device.TotalBytes is { } total ? QuantizeWords.Size(total) : NotKnown,
                        device.Driver ?? (device.Backend == "cpu" ? "" : NotKnown),
                    ]
            ),
            style
        );

    private static void Line(StringBuilder text, string line) =>
        text.Append(CultureInfo.InvariantCulture, $"{line}\n");
}
