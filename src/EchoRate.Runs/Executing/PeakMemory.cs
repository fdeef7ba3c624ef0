using System.Diagnostics;

namespace EchoRate.Runs.Executing;

/// <summary>
/// Most memory that this process held, in bytes. On Linux the mark can be set back (proc(5), <c>clear_refs</c>), so that each model file
/// has its own; elsewhere it is the process's since it began.
/// </summary>
internal static class PeakMemory
{
    public static void Reset()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another system has no such file, and a container may forbid it; the figure is then the process's.
        }
    }

    public static long Read()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
