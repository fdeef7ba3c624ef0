using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;

namespace EchoRate.Runs.Journal;

/// <summary>
/// The checksum of a journal's line: its last property, <c>,"crc":"e3069283"}</c>, over all bytes before the comma. CRC-32C (Castagnoli,
/// RFC 3720 B.4), eight lower-case hex digits.
/// </summary>
internal static class Checksum
{
    private const int Digits = 8;
    private static ReadOnlySpan<byte> Opening => ",\"crc\":\""u8;
    private static ReadOnlySpan<byte> Closing => "\"}"u8;

    /// <summary>Bytes that the property takes, the closing brace of the object included.</summary>
    public static int Length => Opening.Length + Digits + Closing.Length;

    /// <summary>CRC-32C of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return ~crc;
    }

    /// <summary>Writes the property that closes an object.</summary>
    public static void Write(ReadOnlySpan<byte> open, Span<byte> into)
    {
        Opening.CopyTo(into);
        Utf8Formatter.TryFormat(Of(open), into[Opening.Length..], out _, new('x', Digits));
        Closing.CopyTo(into[(Opening.Length + Digits)..]);
    }

    /// <summary>Whether a line, without its end, closes with the checksum of what stands before.</summary>
    public static bool IsRight(ReadOnlySpan<byte> line)
    {
        if (line.Length <= Length)
        {
            return false;
        }
        Span<byte> expected = stackalloc byte[Length];
        Write(line[..^Length], expected);
        return line[^Length..].SequenceEqual(expected);
    }
}
