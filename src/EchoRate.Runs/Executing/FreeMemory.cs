namespace EchoRate.Runs.Executing;

/// <summary>Memory of this machine that nothing uses now, in bytes; where the process has a limit of its own, within that.</summary>
internal static class FreeMemory
{
    public static long Read()
    {
        // The figures are those of the last collection.
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }
}
