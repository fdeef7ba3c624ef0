using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Interop;

/// <summary>Arrays and texts that stay in their place for native code until this is disposed.</summary>
internal sealed unsafe class Pinned : IDisposable
{
    private readonly List<GCHandle> _arrays = [];
    private readonly List<nint> _texts = [];

    /// <summary>The first element's address.</summary>
    internal void* Of(Array array)
    {
        var handle = GCHandle.Alloc(array, GCHandleType.Pinned);
        _arrays.Add(handle);
        return (void*)handle.AddrOfPinnedObject();
    }

    /// <summary>The text in UTF-8, with a zero behind it.</summary>
    internal byte* Text(string text)
    {
        var bytes = Marshal.StringToCoTaskMemUTF8(text);
        _texts.Add(bytes);
        return (byte*)bytes;
    }

    public void Dispose()
    {
        _arrays.ForEach(handle => handle.Free());
        _arrays.Clear();
        _texts.ForEach(Marshal.FreeCoTaskMem);
        _texts.Clear();
    }
}
