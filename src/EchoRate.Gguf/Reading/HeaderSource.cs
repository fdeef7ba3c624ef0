using System.Buffers.Binary;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>
/// Reads little-endian numbers and bytes through one small buffer, and refuses what the file does not have before memory is asked for.
/// Where what follows cannot be understood any more, it notes the problem and throws <see cref="HeaderEndsException"/>.
/// </summary>
internal sealed class HeaderSource(Stream stream, long fileBytes, ProblemList problems)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    internal long FileBytes => fileBytes;

    internal long Position { get; private set; }

    private long Left => Math.Min(fileBytes, GgufFormat.MaxHeaderBytes) - Position;

    internal uint U32(string what)
    {
        Fill(4, what);
        var value = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        Skip(4);
        return value;
    }

    internal ulong U64(string what)
    {
        Fill(8, what);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_start));
        Skip(8);
        return value;
    }

    /// <summary>Reads a count of things that take at least <paramref name="leastBytes"/> each.</summary>
    internal int Count(string what, int leastBytes)
    {
        var value = U64(what);
        if (value <= (ulong)(Left / leastBytes))
        {
            return (int)value;
        }
        throw value > (ulong)((fileBytes - Position) / leastBytes)
            ? problems.End(
                LengthPastEnd,
                $"{what} is {value}, but only {fileBytes - Position} bytes follow: truncated or damaged."
            )
            : TooLarge(what);
    }

    internal byte[] Text(string what) => Bytes(what, Count($"the length of {what}", 1));

    internal byte[] Bytes(string what, int length)
    {
        if (length > Left)
        {
            throw Truncated(what);
        }
        var bytes = new byte[length];
        Into(what, bytes);
        return bytes;
    }

    internal void Into(string what, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            Fill(1, what);
            var n = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, n).CopyTo(target);
            Skip(n);
            target = target[n..];
        }
    }

    private void Skip(int n)
    {
        _start += n;
        Position += n;
    }

    private void Fill(int needed, string what)
    {
        if (needed > Left)
        {
            throw Truncated(what);
        }
        if (_end - _start >= needed)
        {
            return;
        }
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        // The file may shrink while we read.
        _end += stream.ReadAtLeast(_buffer.AsSpan(_end), needed - _end, throwOnEndOfStream: false);
        if (_end < needed)
        {
            throw Truncated(what);
        }
    }

    private HeaderEndsException Truncated(string what) =>
        fileBytes > GgufFormat.MaxHeaderBytes
            ? TooLarge(what)
            : problems.End(
                HeaderTruncated,
                $"The file ends at byte {fileBytes}, inside its header, where {what} should be."
            );

    private HeaderEndsException TooLarge(string what) =>
        problems.End(
            HeaderTooLarge,
            $"The header passes {GgufFormat.MaxHeaderBytes} bytes, the most allowed, at {what}."
        );
}
