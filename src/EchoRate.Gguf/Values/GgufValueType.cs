namespace EchoRate.Gguf;

/// <summary>The thirteen types that a metadata value may have; the numbers are the format's own (gguf.h).</summary>
public enum GgufValueType
{
    /// <summary>Unsigned, 8 bits.</summary>
    U8 = 0,

    /// <summary>Signed, 8 bits.</summary>
    I8 = 1,

    /// <summary>Unsigned, 16 bits.</summary>
    U16 = 2,

    /// <summary>Signed, 16 bits.</summary>
    I16 = 3,

    /// <summary>Unsigned, 32 bits: what llama.cpp expects of counts and token ids.</summary>
    U32 = 4,

    /// <summary>Signed, 32 bits.</summary>
    I32 = 5,

    /// <summary>Float, 32 bits.</summary>
    F32 = 6,

    /// <summary>One byte, 0 or 1.</summary>
    Bool = 7,

    /// <summary>Bytes with a length in front; usually, but not surely, UTF-8.</summary>
    Text = 8,

    /// <summary>Values of one other type; arrays of arrays are in the format but llama.cpp refuses them, and so do we.</summary>
    Array = 9,

    /// <summary>Unsigned, 64 bits.</summary>
    U64 = 10,

    /// <summary>Signed, 64 bits.</summary>
    I64 = 11,

    /// <summary>Float, 64 bits.</summary>
    F64 = 12,
}
