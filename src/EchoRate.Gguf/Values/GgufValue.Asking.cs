using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace EchoRate.Gguf;

/// <content>How values are asked: null wherever the value is of another kind.</content>
public sealed partial class GgufValue
{
    /// <summary>A single text; bytes that are not UTF-8 become U+FFFD; null for anything else.</summary>
    public string? AsText() => Type == GgufValueType.Text ? Encoding.UTF8.GetString(_raw) : null;

    /// <summary>A single truth value; null for anything else.</summary>
    public bool? AsBool() => Type == GgufValueType.Bool ? _raw[0] != 0 : null;

    /// <summary>A single integer of any width; null for anything else and for unsigned values of 2^63 and above.</summary>
    public long? AsInteger() =>
        Type switch
        {
            GgufValueType.U8 => _raw[0],
            GgufValueType.I8 => (sbyte)_raw[0],
            GgufValueType.U16 => BinaryPrimitives.ReadUInt16LittleEndian(_raw),
            GgufValueType.I16 => BinaryPrimitives.ReadInt16LittleEndian(_raw),
            GgufValueType.U32 => BinaryPrimitives.ReadUInt32LittleEndian(_raw),
            GgufValueType.I32 => BinaryPrimitives.ReadInt32LittleEndian(_raw),
            GgufValueType.I64 => BinaryPrimitives.ReadInt64LittleEndian(_raw),
            GgufValueType.U64 when _raw[7] < 0x80 => BinaryPrimitives.ReadInt64LittleEndian(_raw),
            _ => null,
        };

    /// <summary>A single integer, or the elements of an array of 32-bit ones; none for anything else.</summary>
    public IEnumerable<long> Integers()
    {
        if (!IsArray)
        {
            return AsInteger() is { } number ? [number] : [];
        }
        var integers = new List<long>();
        foreach (var number in AsSpan<int>())
        {
            integers.Add(number);
        }
        foreach (var number in AsSpan<uint>())
        {
            integers.Add(number);
        }
        return integers;
    }

    /// <summary>A single float or integer as a double; null for anything else.</summary>
    public double? AsNumber() =>
        Type switch
        {
            GgufValueType.F32 => BinaryPrimitives.ReadSingleLittleEndian(_raw),
            GgufValueType.F64 => BinaryPrimitives.ReadDoubleLittleEndian(_raw),
            GgufValueType.U64 => BinaryPrimitives.ReadUInt64LittleEndian(_raw),
            _ => AsInteger(),
        };

    /// <summary>The elements of an array of <typeparamref name="T"/>, without a copy; empty when the value is something else.</summary>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged =>
        IsArray && _texts is null && ElementType == GgufValueTypes.Of<T>()
            ? MemoryMarshal.Cast<byte, T>(_raw)
            : default;

    /// <summary>The value for people: a number, a text, or what kind of array of how many.</summary>
    public override string ToString() =>
        IsArray ? $"{ElementType}[{Count}]"
        : Type == GgufValueType.Text ? AsText()!
        : Type == GgufValueType.Bool ? (_raw[0] != 0 ? "true" : "false")
        : AsInteger() is { } integer ? integer.ToString()
        : Type == GgufValueType.F32 ? BinaryPrimitives.ReadSingleLittleEndian(_raw).ToString()
        : AsNumber()!.Value.ToString();
}
