using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EchoRate.Machine.Natives;

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
    HostSystem System,
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

    /// <summary>True when the library is for this machine. An architecture that we cannot name is not held against it.</summary>
    public bool Suits(HostEnvironment host) =>
        (System == host.System || (System == HostSystem.Linux && host.System == HostSystem.Other))
        && (
            host.Architecture is not (Architecture.X64 or Architecture.Arm64)
            || Architectures.Contains(host.Architecture)
        );

    private static LibraryHeader? ParseElf(ReadOnlySpan<byte> bytes) =>
        bytes[4] == 2 && bytes[5] == 1
            ? Of(HostSystem.Linux, BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]))
            : null;

    private static LibraryHeader? ParsePe(ReadOnlySpan<byte> bytes)
    {
        var at = BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]);
        if (at > bytes.Length - 6 || !bytes[(int)at..].StartsWith("PE\0\0"u8))
            return null;
        return Of(
            HostSystem.Windows,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[((int)at + 4)..])
        );
    }

    private static LibraryHeader? ParseMach(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 0xFEEDFACF)
            return Of(HostSystem.MacOS, BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes) != 0xCAFEBABE)
            return null;
        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if (count is 0 or > MaxUniversalEntries || bytes.Length < 8 + 20 * (int)count)
            return null;
        var processors = new uint[count];
        for (var i = 0; i < processors.Length; i++)
            processors[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(8 + 20 * i)..]);
        return Of(HostSystem.MacOS, processors);
    }

    private static LibraryHeader Of(HostSystem system, params ReadOnlySpan<uint> machines)
    {
        var architectures = new List<Architecture?>();
        var names = new List<string>();
        foreach (var machine in machines)
        {
            var architecture = ArchitectureOf(system, machine);
            architectures.Add(architecture);
            names.Add(architecture?.ToString().ToLowerInvariant() ?? $"processor 0x{machine:x}");
        }
        return new(system, architectures, $"{system} {string.Join(" and ", names)}");
    }

    private static Architecture? ArchitectureOf(HostSystem system, uint machine) =>
        (system, machine) switch
        {
            (HostSystem.Linux, 62) => Architecture.X64,
            (HostSystem.Linux, 183) => Architecture.Arm64,
            (HostSystem.Windows, 0x8664) => Architecture.X64,
            (HostSystem.Windows, 0xAA64) => Architecture.Arm64,
            (HostSystem.MacOS, 0x0100_0007) => Architecture.X64,
            (HostSystem.MacOS, 0x0100_000C) => Architecture.Arm64,
            _ => null,
        };
}
