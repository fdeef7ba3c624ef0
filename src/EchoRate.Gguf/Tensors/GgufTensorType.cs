namespace EchoRate.Gguf;

/// <summary>How a tensor's numbers are stored; the values are ggml's type ids (ggml.h).</summary>
/// <remarks>Ids 4, 5, 31–33 and 36–38 once had types that llama.cpp no longer reads: they count as unknown.</remarks>
#pragma warning disable CA1707 // The names are ggml's, letter for letter: they stand in files' names, in llama.cpp's output and in our columns.
public enum GgufTensorType
{
    /// <summary>32-bit float.</summary>
    F32 = 0,

    /// <summary>16-bit IEEE float.</summary>
    F16 = 1,

    /// <summary>4-bit blocks of 32 with one scale.</summary>
    Q4_0 = 2,

    /// <summary>4-bit blocks of 32 with scale and minimum.</summary>
    Q4_1 = 3,

    /// <summary>5-bit blocks of 32 with one scale.</summary>
    Q5_0 = 6,

    /// <summary>5-bit blocks of 32 with scale and minimum.</summary>
    Q5_1 = 7,

    /// <summary>8-bit blocks of 32 with one scale.</summary>
    Q8_0 = 8,

    /// <summary>8-bit blocks of 32 with scale and sum; for intermediate results only.</summary>
    Q8_1 = 9,

    /// <summary>2-bit K-quant, blocks of 256.</summary>
    Q2_K = 10,

    /// <summary>3-bit K-quant, blocks of 256.</summary>
    Q3_K = 11,

    /// <summary>4-bit K-quant, blocks of 256.</summary>
    Q4_K = 12,

    /// <summary>5-bit K-quant, blocks of 256.</summary>
    Q5_K = 13,

    /// <summary>6-bit K-quant, blocks of 256.</summary>
    Q6_K = 14,

    /// <summary>8-bit K-quant, blocks of 256; for intermediate results only.</summary>
    Q8_K = 15,

    /// <summary>2-bit codebook quant, extra extra small.</summary>
    IQ2_XXS = 16,

    /// <summary>2-bit codebook quant, extra small.</summary>
    IQ2_XS = 17,

    /// <summary>3-bit codebook quant, extra extra small.</summary>
    IQ3_XXS = 18,

    /// <summary>1-bit codebook quant, small.</summary>
    IQ1_S = 19,

    /// <summary>4-bit non-linear quant, blocks of 32.</summary>
    IQ4_NL = 20,

    /// <summary>3-bit codebook quant, small.</summary>
    IQ3_S = 21,

    /// <summary>2-bit codebook quant, small.</summary>
    IQ2_S = 22,

    /// <summary>4-bit non-linear quant, blocks of 256.</summary>
    IQ4_XS = 23,

    /// <summary>8-bit integer.</summary>
    I8 = 24,

    /// <summary>16-bit integer.</summary>
    I16 = 25,

    /// <summary>32-bit integer.</summary>
    I32 = 26,

    /// <summary>64-bit integer.</summary>
    I64 = 27,

    /// <summary>64-bit float.</summary>
    F64 = 28,

    /// <summary>1-bit codebook quant, medium.</summary>
    IQ1_M = 29,

    /// <summary>16-bit brain float: the upper half of a 32-bit float.</summary>
    BF16 = 30,

    /// <summary>Ternary, 1.69 bits.</summary>
    TQ1_0 = 34,

    /// <summary>Ternary, 2.06 bits.</summary>
    TQ2_0 = 35,

    /// <summary>4-bit microscaling float, blocks of 32: gpt-oss's experts.</summary>
    MXFP4 = 39,

    /// <summary>NVIDIA's 4-bit float, blocks of 64.</summary>
    NVFP4 = 40,

    /// <summary>1-bit blocks of 128.</summary>
    Q1_0 = 41,

    /// <summary>2-bit blocks of 64.</summary>
    Q2_0 = 42,
}
