using System.Runtime.InteropServices;

namespace EchoRate.Llama.Interop;

/// <summary><c>struct llama_model_kv_override</c> of llama.h, v0.4.0 and v0.5.0: 264 bytes; the values are a union.</summary>
[StructLayout(LayoutKind.Explicit, Size = 264)]
internal unsafe struct llama_model_kv_override
{
    /// <summary>Bytes of <see cref="key"/>, its final zero included.</summary>
    public const int KeyBytes = 128;

    /// <summary>Bytes of <see cref="val_str"/>, its final zero included.</summary>
    public const int TextBytes = 128;

    [FieldOffset(0)]
    public llama_model_kv_override_type tag;

    [FieldOffset(4)]
    public fixed byte key[KeyBytes];

    [FieldOffset(136)]
    public long val_i64;

    [FieldOffset(136)]
    public double val_f64;

    [FieldOffset(136)]
    public bool val_bool;

    [FieldOffset(136)]
    public fixed byte val_str[TextBytes];
}
