using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>Memory that grows, aligned as ggml aligns its own.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private byte* _pointer;
    private long _bytes;

    /// <summary>Makes it hold that many bytes; what it held is lost where it grows.</summary>
    internal byte* Hold(long bytes)
    {
        if (bytes > _bytes)
        {
            Dispose();
            _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            _bytes = bytes;
        }
        return _pointer;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        _bytes = 0;
    }
}
