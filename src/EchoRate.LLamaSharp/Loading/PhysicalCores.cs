using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>
/// Counts the physical cores that this process may use: two threads of one core share its arithmetic units, and llama.cpp's threads
/// spin while they wait. Linux: the distinct sets of siblings in /sys. macOS: <c>hw.perflevel0.physicalcpu</c> (performance cores),
/// else <c>hw.physicalcpu</c>. Windows: <c>GetLogicalProcessorInformation</c>, of the process's processor group. Where none of
/// them answers, the logical processors; never more than those that .NET sees (affinity, container limits), never less than 1.
/// </summary>
public static partial class PhysicalCores
{
    /// <summary>How many.</summary>
    public static int Count { get; } =
        Math.Clamp(Ask() ?? int.MaxValue, 1, Math.Max(1, Environment.ProcessorCount));

    private static int? Ask()
    {
        try
        {
            return OperatingSystem.IsLinux() ? FromSys("/sys/devices/system/cpu")
                : OperatingSystem.IsMacOS() ? FromSysctl()
                : OperatingSystem.IsWindows() ? FromWindows()
                : null;
        }
        catch (Exception exception)
            when (exception
                    is IOException
                        or UnauthorizedAccessException
                        or DllNotFoundException
                        or EntryPointNotFoundException
            )
        {
            return null;
        }
    }

    /// <summary>Counts distinct <c>cpuN/topology/thread_siblings_list</c>; null where no processor tells its topology.</summary>
    internal static int? FromSys(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }
        var cores = Directory
            .EnumerateDirectories(folder, "cpu*")
            .Select(cpu => Path.Combine(cpu, "topology", "thread_siblings_list"))
            .Where(File.Exists)
            .Select(siblings => File.ReadAllText(siblings).Trim())
            .Distinct()
            .Count();
        return cores > 0 ? cores : null;
    }

    private static int? FromSysctl()
    {
        foreach (var name in (string[])["hw.perflevel0.physicalcpu", "hw.physicalcpu"])
        {
            nuint size = sizeof(int);
            if (sysctlbyname(name, out var value, ref size, 0, 0) == 0 && value > 0)
            {
                return value;
            }
        }
        return null;
    }

    // SYSTEM_LOGICAL_PROCESSOR_INFORMATION, 64 bit: mask (8 bytes), relationship (4; 0 is RelationProcessorCore), padding (4), union (16).
    private static int? FromWindows()
    {
        const int entryBytes = 32;
        uint bytes = 0;
        GetLogicalProcessorInformation([], ref bytes);
        var buffer = new byte[bytes];
        if (bytes == 0 || !GetLogicalProcessorInformation(buffer, ref bytes))
        {
            return null;
        }
        var cores = 0;
        for (var at = 0; at + entryBytes <= bytes; at += entryBytes)
        {
            cores += BitConverter.ToInt32(buffer, at + 8) == 0 ? 1 : 0;
        }
        return cores > 0 ? cores : null;
    }

    [LibraryImport("libSystem.dylib", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int sysctlbyname(
        string name,
        out int oldp,
        ref nuint oldlenp,
        nint newp,
        nuint newlen
    );

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetLogicalProcessorInformation(
        Span<byte> buffer,
        ref uint returnedLength
    );
}
