using EchoRate.Cli.Quantizing;
using EchoRate.Machine.Doctor;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Backends;

/// <summary>The backends for people: one table for <c>backend list</c> and the doctor.</summary>
internal static class BackendText
{
    /// <summary>The table.</summary>
    public static string Table(IReadOnlyList<ExaminedBackend> backends, TableStyle style) =>
        PlainTable.Render(
            ["Backend", "Installed", "Works here", "Size", "Where, or why not"],
            [3],
            1,
            backends.Select(backend =>
                (IReadOnlyList<string>)
                    [
                        backend.Name,
                        YesNo(backend.Installed),
                        backend.Works is { } works ? YesNo(works) : "",
                        backend.DiskBytes is { } bytes
                            ? QuantizeWords.Size(bytes)
                            : QuantizeWords.Size(backend.DownloadBytes) + " to download",
                        backend.Reason
                            ?? (
                                backend.Installed
                                    ? backend.Where
                                    : $"echorate backend add {backend.Name}"
                            ),
                    ]
            ),
            style
        );

    private static string YesNo(bool value) => value ? "yes" : "no";
}
