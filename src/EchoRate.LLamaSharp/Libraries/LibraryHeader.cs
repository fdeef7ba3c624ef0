using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>For which system and machines a shared library was built, from its first bytes: nothing is loaded.</summary>
/// <remarks>
/// <code>
/// ELF     7F 'E' 'L' 'F' · class at 4 (2: 64 bit) · byte order at 5 (1: little) · machine: u16 at 18
/// PE      'M' 'Z' · offset of 'P' 'E' 0 0: u32 at 60 · machine: u16 behind it
/// Mach-O  FEEDFACF little-endian · processor: u32 at 4
///         CAFEBABE big-endian · count: u32 at 4 · from 8 on 20 bytes for each processor, which comes first
/// </code>
/// </remarks>
internal sealed record LibraryHeader(string System, IReadOnlyList<string> Machines)
{
    // Past the DOS stub of any linker, and past 16 entries of a universal library.
    private const int BytesRead = 4096;

    private const int MaxUniversalEntries = 16;

    private static string OwnSystem =>
        OperatingSystem.IsWindows() ? "Windows"
        : OperatingSystem.IsMacOS() ? "macOS"
        : "Linux";

    /// <summary>Both in words: <c>Linux x64</c>, <c>macOS x64 and arm64</c>.</summary>
    public string Described => $"{System} {string.Join(" and ", Machines)}";

    /// <summary>
    /// Why a file is no library for this process, to stand behind its path; null where nothing speaks against it. A file that is cut short
    /// would end the process when it is opened. An architecture that we cannot name is not held against it.
    /// </summary>
    public static string? Problem(string path)
    {
        using var file = File.OpenRead(path);
        var buffer = new byte[BytesRead];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (Parse(buffer.AsSpan(0, length)) is not { } header)
        {
            return "is no 64-bit shared library, or is cut short";
        }
        var machine = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (
            header.System != OwnSystem
            || machine is "x64" or "arm64" && !header.Machines.Contains(machine)
        )
        {
            return $"is built for {header.Described}, and this process for {OwnSystem} {machine}";
        }
        return header.System == "Linux" && EndOfSections(buffer) > (ulong)file.Length
            ? "is cut short"
            : null;
    }

    /// <summary>The header; null where the bytes begin no 64-bit shared library that we know.</summary>
    public static LibraryHeader? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 64)
        {
            return null;
        }
        if (bytes.StartsWith("\u007fELF"u8))
        {
            return bytes[4] == 2 && bytes[5] == 1
                ? Of("Linux", BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]))
                : null;
        }
        if (bytes.StartsWith("MZ"u8))
        {
            var at = BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]);
            return at <= bytes.Length - 6 && bytes[(int)at..].StartsWith("PE\0\0"u8)
                ? Of("Windows", BinaryPrimitives.ReadUInt16LittleEndian(bytes[((int)at + 4)..]))
                : null;
        }
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 0xFEEDFACF)
        {
            return Of("macOS", BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
        }
        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (
            BinaryPrimitives.ReadUInt32BigEndian(bytes) != 0xCAFEBABE
            || count is 0 or > MaxUniversalEntries
            || bytes.Length < 8 + 20 * (int)count
        )
        {
            return null;
        }
        var processors = new uint[count];
        for (var i = 0; i < processors.Length; i++)
        {
            processors[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(8 + 20 * i)..]);
        }
        return Of("macOS", processors);
    }

    // Of ELF alone: the table of sections lies at its end (e_shoff at 40, e_shentsize at 58, e_shnum at 60).
    private static ulong EndOfSections(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..])
        + (ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[58..])
            * BinaryPrimitives.ReadUInt16LittleEndian(bytes[60..]);

    private static LibraryHeader Of(string system, params uint[] machines) =>
        new(
            system,
            [
                .. machines.Select(machine =>
                    (system, machine) switch
                    {
                        ("Linux", 62) or ("Windows", 0x8664) or ("macOS", 0x0100_0007) => "x64",
                        ("Linux", 183) or ("Windows", 0xAA64) or ("macOS", 0x0100_000C) => "arm64",
                        _ => $"processor 0x{machine:x}",
                    }
                ),
            ]
        );
}
