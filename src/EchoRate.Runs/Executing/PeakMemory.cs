using System.Diagnostics;
using System.Globalization;

namespace EchoRate.Runs.Executing;

/// <summary>
/// Most memory that this process held, in bytes. On Linux the mark can be set back (proc(5), <c>clear_refs</c>), so that each model file
/// has its own; elsewhere it is the process's since it began.
/// </summary>
internal static class PeakMemory
{
    public static void Reset()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it; the figure is then the process's.
        }
    }

    public static long Read()
    {
        if (OperatingSystem.IsLinux())
        {
            foreach (
                var line in File.ReadLines("/proc/self/status")
                    .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            )
            {
                var kib = line["VmHWM:".Length..]
                    .Replace("kB", "", StringComparison.Ordinal)
                    .Trim();
                return long.Parse(kib, CultureInfo.InvariantCulture) * 1024;
            }
        }
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
