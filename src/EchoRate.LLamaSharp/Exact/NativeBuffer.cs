using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>Memory that grows, aligned as ggml aligns its own.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;
    private long _bytes;

    /// <summary>Where it lies; null before the first <see cref="Hold"/>.</summary>
    internal byte* Pointer { get; private set; }

    /// <summary>Makes it hold that many bytes; what it held is lost where it grows.</summary>
    internal byte* Hold(long bytes)
    {
        if (bytes > _bytes)
        {
            Dispose();
            Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            _bytes = bytes;
        }
        return Pointer;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
        _bytes = 0;
    }
}
