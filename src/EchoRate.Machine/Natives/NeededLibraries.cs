using System.Buffers.Binary;
using System.Text;

namespace EchoRate.Machine.Natives;

/// <summary>Which libraries a library needs to be opened, by the names in its header: nothing is loaded.</summary>
/// <remarks>
/// <code>
/// ELF64   program headers: offset u64 at 32, entry size u16 at 54, count u16 at 56; of each: type u32 at 0 (1 LOAD, 2 DYNAMIC),
///         file offset u64 at 8, address u64 at 16, size in the file u64 at 32
///         dynamic entries of 16 bytes: tag (1 NEEDED, 5 STRTAB), value
/// PE32+   'P' 'E' 0 0 at the u32 at 60 · sections: count u16 at +6, optional header's size u16 at +20 ·
///         the optional header at +24: import directory's address u32 at 120 · sections of 40 bytes behind it: size u32 at 8, address
///         u32 at 12, size in the file u32 at 16, offset u32 at 20 · import entries of 20 bytes: name's address u32 at 12, 0 ends them
/// </code>
/// Delay-loaded libraries of PE files are not among them: the system opens a library without those.
/// </remarks>
internal static class NeededLibraries
{
    // Far more than any library has, and little enough to read a damaged one in no time.
    private const int MostNames = 1000;
    private const int LongestName = 512;

    /// <summary>The names, in the file's order; null where the file is neither ELF64 nor PE32+, or is damaged.</summary>
    public static IReadOnlyList<string>? Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file);
    }

    /// <summary>The names in an image of a library.</summary>
    internal static IReadOnlyList<string>? Read(Stream file)
    {
        try
        {
            var head = Bytes(file, 0, 64);
            if (head.AsSpan().StartsWith("\u007fELF"u8) && head[4] == 2 && head[5] == 1)
                return Elf(file, head);
            if (head.AsSpan().StartsWith("MZ"u8))
                return Pe(file, U32(head, 60));
            return null;
        }
        catch (Exception e) when (e is EndOfStreamException or OverflowException)
        {
            return null;
        }
    }

    private static List<string>? Elf(Stream file, byte[] head)
    {
        var size = U16(head, 54);
        var headers = Enumerable
            .Range(0, U16(head, 56))
            .Select(i => Bytes(file, checked((long)U64(head, 32) + i * size), 56))
            .ToList();
        var dynamic = headers.Find(header => U32(header, 0) == 2);
        if (dynamic is null)
            return null;
        var entries = Bytes(
            file,
            checked((long)U64(dynamic, 8)),
            checked((int)Math.Min(U64(dynamic, 32), 16 * 4096))
        );
        var needed = new List<ulong>();
        ulong? strings = null;
        for (var at = 0; at + 16 <= entries.Length && U64(entries, at) != 0; at += 16)
        {
            if (U64(entries, at) == 1)
                needed.Add(U64(entries, at + 8));
            if (U64(entries, at) == 5)
                strings = U64(entries, at + 8);
        }
        var segment = headers.Find(header =>
            U32(header, 0) == 1
            && strings >= U64(header, 16)
            && strings - U64(header, 16) < U64(header, 32)
        );
        if (segment is null)
            return null;
        var table = strings!.Value - U64(segment, 16) + U64(segment, 8);
        return
        [
            .. needed.Take(MostNames).Select(offset => Text(file, checked((long)(table + offset)))),
        ];
    }

    private static List<string>? Pe(Stream file, uint at)
    {
        var head = Bytes(file, at, 24 + 128);
        if (!head.AsSpan().StartsWith("PE\0\0"u8) || U16(head, 24) != 0x20B)
            return null;
        var imports = U32(head, 24 + 120);
        var sections = Bytes(file, at + 24 + U16(head, 20), 40 * U16(head, 6));
        var names = new List<string>();
        for (uint i = 0; imports != 0 && i < MostNames; i++)
        {
            if (OffsetOf(sections, imports + 20 * i) is not { } entry)
                return null;
            var name = U32(Bytes(file, entry, 20), 12);
            if (name == 0)
                break;
            if (OffsetOf(sections, name) is not { } offset)
                return null;
            names.Add(Text(file, offset));
        }
        return names;
    }

    private static long? OffsetOf(byte[] sections, uint address)
    {
        for (var at = 0; at + 40 <= sections.Length; at += 40)
        {
            var start = U32(sections, at + 12);
            if (address >= start && address - start < U32(sections, at + 16))
                return U32(sections, at + 20) + (address - start);
        }
        return null;
    }

    private static string Text(Stream file, long at)
    {
        SeekTo(file, at);
        var bytes = new byte[LongestName];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var end = bytes.AsSpan(0, length).IndexOf((byte)0);
        return end < 0 ? throw new EndOfStreamException() : Encoding.UTF8.GetString(bytes, 0, end);
    }

    private static byte[] Bytes(Stream file, long at, int count)
    {
        var bytes = new byte[count];
        SeekTo(file, at);
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void SeekTo(Stream file, long at)
    {
        if (at < 0 || at > file.Length)
            throw new EndOfStreamException();
        file.Seek(at, SeekOrigin.Begin);
    }

    private static ushort U16(byte[] bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
