using System.Globalization;

namespace EchoRate.Machine.Host;

/// <summary>The main memory that this process may use.</summary>
/// <param name="TotalBytes">All of it; a container's limit where there is one.</param>
/// <param name="AvailableBytes">What is free now without pushing others out; null where the system does not say.</param>
public sealed record HostMemory(long TotalBytes, long? AvailableBytes)
{
    /// <summary>This machine's memory now.</summary>
    public static HostMemory Now()
    {
        // The runtime knows a container's limit; Linux alone says what is free.
        var total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        try
        {
            return new HostMemory(total, Available(File.ReadLines("/proc/meminfo"), total));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new HostMemory(total, null);
        }
    }

    /// <summary>The figure of <c>MemAvailable:   12345678 kB</c> (proc(5)), at most the total; null without that line.</summary>
    public static long? Available(IEnumerable<string> meminfo, long total)
    {
        var words = meminfo
            .FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
            words is [_, var kib, ..] && long.TryParse(kib, NumberStyles.None, null, out var value)
            ? Math.Min(value * 1024, total)
            : null;
    }
}
