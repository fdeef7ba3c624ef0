using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Machine.Natives;
using EchoRate.Machine.Probing;

namespace EchoRate.Tests.Machine;

public sealed class NeededLibrariesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("echorate-needed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_elf_librarys_needs_are_read_in_order() =>
        Assert.Equal(
            ["libcudart.so.13", "libc.so.6"],
            NeededLibraries.Read(new MemoryStream(Elf("libcudart.so.13", "libc.so.6")))!
        );

    [Fact]
    public void A_windows_librarys_needs_are_read_in_order() =>
        Assert.Equal(
            ["ggml-base.dll", "cublas64_13.dll"],
            NeededLibraries.Read(new MemoryStream(Pe("ggml-base.dll", "cublas64_13.dll")))!
        );

    [Fact]
    public void The_runtimes_own_library_needs_the_c_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library is Linux's");
        var path = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        Assert.Contains(
            NeededLibraries.Read(path)!,
            name => name.StartsWith("libc.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_library_cut_short_anywhere_has_no_needs_and_does_no_harm()
    {
        foreach (var whole in new[] { Elf("liba.so", "libb.so"), Pe("a.dll", "b.dll") })
        {
            for (var length = 0; length < whole.Length; length++)
            {
                var read = NeededLibraries.Read(new MemoryStream(whole[..length]));
                Assert.True(read is null || read.Count <= 2);
            }
        }
    }

    [Fact]
    public void Seeded_damage_is_survived()
    {
        var random = new Random(8);
        for (var i = 0; i < 4000; i++)
        {
            var bytes = i % 2 == 0 ? Elf("liba.so", "libb.so") : Pe("a.dll", "b.dll");
            for (var hits = random.Next(1, 6); hits > 0; hits--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            NeededLibraries.Read(new MemoryStream(bytes));
        }
    }

    [Fact]
    public void All_that_is_missing_is_named_though_the_loader_stops_at_the_first()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the loader's words are Linux's");
        var path = Path.Combine(_folder, "libplugin.so");
        File.WriteAllBytes(path, Elf("libnosuch-a.so.1", "libc.so.6", "libnosuch-b.so.2"));

        var answer = LibraryOpener.Open(path);

        Assert.False(answer.Opened);
        Assert.Equal(["libnosuch-a.so.1", "libnosuch-b.so.2"], answer.Missing);
        Assert.Equal(answer.Missing, LoaderAnswer.FromLine(answer.ToLine())!.Missing);
    }

    [Fact]
    public void What_lies_beside_a_library_is_found_and_its_own_needs_are_looked_through()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the loader's words are Linux's");
        var path = Path.Combine(_folder, "libplugin.so");
        File.WriteAllBytes(path, Elf("libbeside.so.1"));
        File.WriteAllBytes(Path.Combine(_folder, "libbeside.so.1"), Elf("libnosuch-c.so.3"));

        Assert.Equal(["libnosuch-c.so.3"], LibraryOpener.Open(path).Missing);
    }

    [Fact]
    public void A_library_that_is_there_opens()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library is Linux's");
        var answer = LibraryOpener.Open(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so")
        );
        Assert.Equal((true, null), (answer.Opened, answer.Said));
    }

    // One LOAD segment that maps the file as it is, a DYNAMIC one, and the strings; no code.
    private static byte[] Elf(params string[] needed)
    {
        const int strings = 0x400;
        var bytes = new byte[0x800];
        "\u007fELF"u8.CopyTo(bytes);
        (bytes[4], bytes[5], bytes[6]) = (2, 1, 1);
        U16(bytes, 16, 3);
        U16(bytes, 18, 62);
        U32(bytes, 20, 1);
        U64(bytes, 32, 64);
        U16(bytes, 52, 64);
        U16(bytes, 54, 56);
        U16(bytes, 56, 2);
        Segment(bytes, 64, 1, 0, 0x800);
        Segment(bytes, 120, 2, 0x200, (needed.Length + 2) * 16);
        var text = strings + 1;
        var at = 0x200;
        foreach (var name in needed)
        {
            U64(bytes, at, 1);
            U64(bytes, at + 8, (ulong)(text - strings));
            Encoding.UTF8.GetBytes(name, bytes.AsSpan(text));
            text += name.Length + 1;
            at += 16;
        }
        U64(bytes, at, 5);
        U64(bytes, at + 8, strings);
        return bytes;
    }

    private static void Segment(byte[] bytes, int at, uint type, ulong start, int size)
    {
        U32(bytes, at, type);
        U32(bytes, at + 4, 4);
        U64(bytes, at + 8, start);
        U64(bytes, at + 16, start);
        U64(bytes, at + 24, start);
        U64(bytes, at + 32, (ulong)size);
        U64(bytes, at + 40, (ulong)size);
        U64(bytes, at + 48, 8);
    }

    private static byte[] Pe(params string[] needed)
    {
        const int header = 128;
        const uint address = 0x1000;
        const int offset = 0x400;
        var bytes = new byte[0x800];
        "MZ"u8.CopyTo(bytes);
        U32(bytes, 60, header);
        "PE\0\0"u8.CopyTo(bytes.AsSpan(header));
        U16(bytes, header + 4, 0x8664);
        U16(bytes, header + 6, 1);
        U16(bytes, header + 20, 240);
        U16(bytes, header + 24, 0x20B);
        U32(bytes, header + 24 + 120, address);
        var section = header + 24 + 240;
        U32(bytes, section + 8, 0x400);
        U32(bytes, section + 12, address);
        U32(bytes, section + 16, 0x400);
        U32(bytes, section + 20, offset);
        var text = offset + 0x200;
        for (var i = 0; i < needed.Length; i++)
        {
            U32(bytes, offset + 20 * i + 12, address + (uint)(text - offset));
            Encoding.UTF8.GetBytes(needed[i], bytes.AsSpan(text));
            text += needed[i].Length + 1;
        }
        return bytes;
    }

    private static void U16(byte[] bytes, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);

    private static void U32(byte[] bytes, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);

    private static void U64(byte[] bytes, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
}
