using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Tests.Libraries;

/// <summary>The first bytes of shared libraries, and nothing behind them.</summary>
internal static class FakeLibrary
{
    public static byte[] For(OSPlatform system, Architecture architecture)
    {
        var x64 = architecture == Architecture.X64;
        return system == OSPlatform.Windows ? Pe(x64 ? 0x8664 : 0xAA64)
            : system == OSPlatform.OSX ? Mach(x64 ? 0x0100_0007u : 0x0100_000Cu)
            : Elf(x64 ? 62 : 183);
    }

    public static byte[] Elf(int machine, byte bits = 2)
    {
        var bytes = new byte[64];
        "\u007fELF"u8.CopyTo(bytes);
        bytes[4] = bits;
        bytes[5] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), (ushort)machine);
        return bytes;
    }

    public static byte[] Pe(int machine)
    {
        var bytes = new byte[256];
        "MZ"u8.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), 128);
        "PE\0\0"u8.CopyTo(bytes.AsSpan(128));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(132), (ushort)machine);
        return bytes;
    }

    public static byte[] Mach(uint processor)
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0xFEEDFACF);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), processor);
        return bytes;
    }

    public static byte[] Universal(params uint[] processors)
    {
        var bytes = new byte[64 + 20 * processors.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0xCAFEBABE);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), (uint)processors.Length);
        for (var i = 0; i < processors.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8 + 20 * i), processors[i]);
        return bytes;
    }
}
