using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>For which system and architectures a shared library was built, from its first bytes: nothing is loaded.</summary>
/// <remarks>
/// <code>
/// ELF     7F 'E' 'L' 'F' · class at 4 (2: 64 bit) · byte order at 5 (1: little) · machine: u16 at 18
/// PE      'M' 'Z' · offset of 'P' 'E' 0 0: u32 at 60 · machine: u16 behind it
/// Mach-O  FEEDFACF little-endian · processor: u32 at 4
///         CAFEBABE big-endian · count: u32 at 4 · from 8 on 20 bytes for each processor, which comes first
/// </code>
/// </remarks>
internal sealed record LibraryHeader(
    OSPlatform System,
    IReadOnlyList<Architecture?> Architectures,
    string Described
)
{
    // Past the DOS stub of any linker, and past 16 entries of a universal library.
    private const int BytesRead = 4096;

    private const int MaxUniversalEntries = 16;

    /// <summary>The header; null when the file is no 64-bit shared library that we know, or is cut short.</summary>
    public static LibraryHeader? Read(string path)
    {
        var buffer = new byte[BytesRead];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return Parse(buffer.AsSpan(0, length));
    }

    public static LibraryHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 64)
            return null;
        if (bytes.StartsWith("\u007fELF"u8))
            return ParseElf(bytes);
        if (bytes.StartsWith("MZ"u8))
            return ParsePe(bytes);
        return ParseMach(bytes);
    }

    /// <summary>
    /// Why a file is no library for this process, to stand behind its path; null where nothing speaks against it. A file that is cut short
    /// would end the process when it is opened. An architecture that we cannot name is not held against it.
    /// </summary>
    public static string? Problem(string path)
    {
        if (Read(path) is not { } header)
        {
            return "is no 64-bit shared library, or is cut short";
        }
        var architecture = RuntimeInformation.ProcessArchitecture;
        if (
            header.System != Own
            || architecture is Architecture.X64 or Architecture.Arm64
                && !header.Architectures.Contains(architecture)
        )
        {
            return $"is built for {header.Described}, and this process for {Name(Own)} {Name(architecture)}";
        }
        return header.IsWhole(path) ? null : "is cut short";
    }

    // Of ELF alone: the table of sections lies at its end (e_shoff at 40, e_shentsize at 58, e_shnum at 60).
    private bool IsWhole(string path)
    {
        if (System != OSPlatform.Linux)
        {
            return true;
        }
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[64];
        file.ReadExactly(start);
        var end =
            BinaryPrimitives.ReadUInt64LittleEndian(start[40..])
            + (ulong)BinaryPrimitives.ReadUInt16LittleEndian(start[58..])
                * BinaryPrimitives.ReadUInt16LittleEndian(start[60..]);
        return end <= (ulong)file.Length;
    }

    private static OSPlatform Own =>
        OperatingSystem.IsWindows() ? OSPlatform.Windows
        : OperatingSystem.IsMacOS() ? OSPlatform.OSX
        : OSPlatform.Linux;

    private static string Name(OSPlatform system) =>
        system == OSPlatform.Windows ? "Windows"
        : system == OSPlatform.OSX ? "macOS"
        : "Linux";

#pragma warning disable CA1308 // The names are small letters in our messages.
    private static string Name(Architecture architecture) =>
        architecture.ToString().ToLowerInvariant();
#pragma warning restore CA1308

    private static LibraryHeader? ParseElf(ReadOnlySpan<byte> bytes) =>
        bytes[4] == 2 && bytes[5] == 1
            ? Of(OSPlatform.Linux, BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]))
            : null;

    private static LibraryHeader? ParsePe(ReadOnlySpan<byte> bytes)
    {
        var at = BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]);
        if (at > bytes.Length - 6 || !bytes[(int)at..].StartsWith("PE\0\0"u8))
            return null;
        return Of(
            OSPlatform.Windows,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[((int)at + 4)..])
        );
    }

    private static LibraryHeader? ParseMach(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 0xFEEDFACF)
            return Of(OSPlatform.OSX, BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes) != 0xCAFEBABE)
            return null;
        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (count is 0 or > MaxUniversalEntries || bytes.Length < 8 + 20 * (int)count)
            return null;
        var processors = new uint[count];
        for (var i = 0; i < processors.Length; i++)
            processors[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(8 + 20 * i)..]);
        return Of(OSPlatform.OSX, processors);
    }

    private static LibraryHeader Of(OSPlatform system, params ReadOnlySpan<uint> machines)
    {
        var architectures = new List<Architecture?>();
        var names = new List<string>();
        foreach (var machine in machines)
        {
            var architecture = ArchitectureOf(system, machine);
            architectures.Add(architecture);
            names.Add(
                (architecture is { } known ? Name(known) : null) ?? $"processor 0x{machine:x}"
            );
        }
        return new(system, architectures, $"{Name(system)} {string.Join(" and ", names)}");
    }

    private static Architecture? ArchitectureOf(OSPlatform system, uint machine) =>
        (system.ToString(), machine) switch
        {
            ("LINUX", 62) or ("WINDOWS", 0x8664) or ("OSX", 0x0100_0007) => Architecture.X64,
            ("LINUX", 183) or ("WINDOWS", 0xAA64) or ("OSX", 0x0100_000C) => Architecture.Arm64,
            _ => null,
        };
}
