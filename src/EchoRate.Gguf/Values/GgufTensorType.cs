namespace EchoRate.Gguf;

/// <summary>How a tensor's numbers are stored; the values are ggml's type ids (ggml.h).</summary>
/// <remarks>Ids 4, 5, 31–33 and 36–38 once had types that llama.cpp no longer reads: they count as unknown.</remarks>
#pragma warning disable CA1707 // The names are ggml's, letter for letter: they stand in files' names, in llama.cpp's output and in our columns.
public enum GgufTensorType
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q4_1 = 3,
    Q5_0 = 6,
    Q5_1 = 7,
    Q8_0 = 8,
    Q8_1 = 9,
    Q2_K = 10,
    Q3_K = 11,
    Q4_K = 12,
    Q5_K = 13,
    Q6_K = 14,
    Q8_K = 15,
    IQ2_XXS = 16,
    IQ2_XS = 17,
    IQ3_XXS = 18,
    IQ1_S = 19,
    IQ4_NL = 20,
    IQ3_S = 21,
    IQ2_S = 22,
    IQ4_XS = 23,
    I8 = 24,
    I16 = 25,
    I32 = 26,
    I64 = 27,
    F64 = 28,
    IQ1_M = 29,
    BF16 = 30,
    TQ1_0 = 34,
    TQ2_0 = 35,
    MXFP4 = 39,
    NVFP4 = 40,
    Q1_0 = 41,
    Q2_0 = 42,
}
#pragma warning restore CA1707

/// <summary>Block sizes of the tensor types: how many numbers stand in one block, and how many bytes it takes.</summary>
public static class GgufTensorTypes
{
    /// <summary>True when this id is a type that llama.cpp reads.</summary>
    public static bool IsKnown(this GgufTensorType type) => Layout(type).Elements != 0;

    /// <summary>True when the type stores blocks instead of single numbers.</summary>
    public static bool IsQuantized(this GgufTensorType type) => Layout(type).Elements > 1;

    /// <summary>Numbers in one block: 1 for plain types, 32 to 256 for quantized ones; 0 for an unknown type.</summary>
    public static int BlockSize(this GgufTensorType type) => Layout(type).Elements;

    /// <summary>Bytes of one block; 0 for an unknown type.</summary>
    public static int BlockBytes(this GgufTensorType type) => Layout(type).Bytes;

    /// <summary>Bits that one number takes; 0 for an unknown type.</summary>
    public static double BitsPerNumber(this GgufTensorType type) =>
        Layout(type) is (> 0 and var elements, var bytes) ? 8.0 * bytes / elements : 0;

    /// <summary>Bytes of one row of <paramref name="elements"/> numbers, which must divide by the block size.</summary>
    /// <exception cref="ArgumentException">The type is unknown or the row does not consist of whole blocks.</exception>
    public static long RowBytes(this GgufTensorType type, long elements)
    {
        var (block, bytes) = Layout(type);
        if (block == 0)
        {
            throw new ArgumentException(
                $"Tensor type {(int)type} is not one that llama.cpp reads.",
                nameof(type)
            );
        }
        if (elements < 0 || elements % block != 0)
        {
            throw new ArgumentException(
                $"A row of {elements} does not consist of whole {type} blocks of {block}.",
                nameof(elements)
            );
        }
        return checked(elements / block * bytes);
    }

    // Source: the block structs in llama.cpp's ggml-common.h.
    private static (int Elements, int Bytes) Layout(GgufTensorType type) =>
        type switch
        {
            GgufTensorType.F32 or GgufTensorType.I32 => (1, 4),
            GgufTensorType.F16 or GgufTensorType.BF16 or GgufTensorType.I16 => (1, 2),
            GgufTensorType.I8 => (1, 1),
            GgufTensorType.F64 or GgufTensorType.I64 => (1, 8),
            GgufTensorType.Q1_0 => (128, 18),
            GgufTensorType.Q2_0 => (64, 18),
            GgufTensorType.Q4_0 => (32, 18),
            GgufTensorType.Q4_1 => (32, 20),
            GgufTensorType.Q5_0 => (32, 22),
            GgufTensorType.Q5_1 => (32, 24),
            GgufTensorType.Q8_0 => (32, 34),
            GgufTensorType.Q8_1 => (32, 36),
            GgufTensorType.MXFP4 => (32, 17),
            GgufTensorType.NVFP4 => (64, 36),
            GgufTensorType.Q2_K => (256, 84),
            GgufTensorType.Q3_K => (256, 110),
            GgufTensorType.Q4_K => (256, 144),
            GgufTensorType.Q5_K => (256, 176),
            GgufTensorType.Q6_K => (256, 210),
            GgufTensorType.Q8_K => (256, 292),
            GgufTensorType.IQ1_S => (256, 50),
            GgufTensorType.IQ1_M => (256, 56),
            GgufTensorType.IQ2_XXS => (256, 66),
            GgufTensorType.IQ2_XS => (256, 74),
            GgufTensorType.IQ2_S => (256, 82),
            GgufTensorType.IQ3_XXS => (256, 98),
            GgufTensorType.IQ3_S => (256, 110),
            GgufTensorType.IQ4_NL => (32, 18),
            GgufTensorType.IQ4_XS => (256, 136),
            GgufTensorType.TQ1_0 => (256, 54),
            GgufTensorType.TQ2_0 => (256, 66),
            _ => (0, 0),
        };
}
