using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>Whether a file is a library for this process, from its first bytes: nothing is loaded.</summary>
/// <remarks>
/// ELF: 7F 'E' 'L' 'F' · class at 4 (2: 64 bit) · byte order at 5 (1: little) · machine: u16 at 18 · the table of sections, which lies at the end:
/// its place u64 at 40, bytes of an entry u16 at 58, entries u16 at 60.
/// </remarks>
internal static class LibraryHeader
{
    /// <summary>
    /// Why a file is no library for this process, to stand behind its path; null where nothing speaks against it, and on other systems than Linux,
    /// whose loaders say so themselves: Linux's ends the process over a file that is cut short. An architecture that we cannot name is not held against it.
    /// </summary>
    public static string? Problem(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }
        using var file = File.OpenRead(path);
        Span<byte> bytes = stackalloc byte[64];
        if (
            file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length
            || !bytes.StartsWith("\u007fELF\u0002\u0001"u8)
        )
        {
            return "is no 64-bit Linux library, or is cut short";
        }
        var built = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]) switch
        {
            62 => "x64",
            183 => "arm64",
            var machine => $"processor 0x{machine:x}",
        };
        var own = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        var end =
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..])
            + (ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[58..])
                * BinaryPrimitives.ReadUInt16LittleEndian(bytes[60..]);
        return own is "x64" or "arm64" && built != own
                ? $"is built for Linux {built}, and this process for Linux {own}"
            : end > (ulong)file.Length ? "is cut short"
            : null;
    }
}
