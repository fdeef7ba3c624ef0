using System.Text;

namespace EchoRate.Gguf;

/// <summary>An array of byte strings in one piece of memory: a vocabulary of 262,144 pieces is two arrays, not 262,144.</summary>
public sealed class GgufByteStrings
{
    private readonly byte[] _bytes;
    private readonly int[] _ends;

    internal GgufByteStrings(byte[] bytes, int[] ends)
    {
        _bytes = bytes;
        _ends = ends;
    }

    /// <summary>How many strings there are.</summary>
    public int Count => _ends.Length;

    /// <summary>The bytes of the string at <paramref name="index"/>, as they stand in the file.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    /// <summary>The string at <paramref name="index"/> as text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>Packs byte strings; together at most 2 GiB.</summary>
    public static GgufByteStrings Of(IEnumerable<byte[]> strings)
    {
        var bytes = new MemoryStream();
        var ends = new List<int>();
        foreach (var text in strings)
        {
            bytes.Write(text);
            ends.Add(checked((int)bytes.Length));
        }
        return new GgufByteStrings(bytes.ToArray(), [.. ends]);
    }
}
