namespace EchoRate.Gguf;

/// <summary>The thirteen types that a metadata value may have; the numbers are the format's own (gguf.h).</summary>
public enum GgufValueType
{
    U8 = 0,
    I8 = 1,
    U16 = 2,
    I16 = 3,
    U32 = 4,
    I32 = 5,
    F32 = 6,
    Bool = 7,
    Text = 8,
    Array = 9,
    U64 = 10,
    I64 = 11,
    F64 = 12,
}

/// <summary>Widths of the value types and the C# types that stand for them.</summary>
public static class GgufValueTypes
{
    /// <summary>Bytes of one value: 1, 2, 4 or 8; 0 for texts, arrays and unknown types, whose length varies.</summary>
    public static int Bytes(this GgufValueType type) =>
        type switch
        {
            GgufValueType.U8 or GgufValueType.I8 or GgufValueType.Bool => 1,
            GgufValueType.U16 or GgufValueType.I16 => 2,
            GgufValueType.U32 or GgufValueType.I32 or GgufValueType.F32 => 4,
            GgufValueType.U64 or GgufValueType.I64 or GgufValueType.F64 => 8,
            _ => 0,
        };

    /// <summary>True for the thirteen types that the format knows.</summary>
    public static bool IsKnown(this GgufValueType type) =>
        type is >= GgufValueType.U8 and <= GgufValueType.F64;

    internal static GgufValueType Of<T>()
        where T : unmanaged =>
        default(T) switch
        {
            byte => GgufValueType.U8,
            sbyte => GgufValueType.I8,
            ushort => GgufValueType.U16,
            short => GgufValueType.I16,
            uint => GgufValueType.U32,
            int => GgufValueType.I32,
            float => GgufValueType.F32,
            bool => GgufValueType.Bool,
            ulong => GgufValueType.U64,
            long => GgufValueType.I64,
            double => GgufValueType.F64,
            _ => throw new ArgumentException($"GGUF has no array of {typeof(T).Name}."),
        };
}
