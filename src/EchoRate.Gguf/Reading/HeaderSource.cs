using System.Buffers.Binary;

namespace EchoRate.Gguf;

/// <summary>Reads little-endian numbers and bytes through one small buffer, and refuses what the file does not have before memory is asked for.</summary>
internal sealed class HeaderSource(Stream stream, long fileBytes, ProblemList problems)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    internal long FileBytes => fileBytes;

    internal long Position { get; private set; }

    internal long Left => Math.Min(fileBytes, GgufFormat.MaxHeaderBytes) - Position;

    internal bool TryU32(string what, out uint value)
    {
        value = 0;
        if (!Fill(4, what))
        {
            return false;
        }
        value = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        Skip(4);
        return true;
    }

    internal bool TryU64(string what, out ulong value)
    {
        value = 0;
        if (!Fill(8, what))
        {
            return false;
        }
        value = BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan(_start));
        Skip(8);
        return true;
    }

    /// <summary>Reads a count of things that take at least <paramref name="leastBytes"/> each.</summary>
    internal bool TryCount(string what, int leastBytes, out int count)
    {
        count = 0;
        if (!TryU64(what, out var value))
        {
            return false;
        }
        if (value > (ulong)(Left / leastBytes))
        {
            return value > (ulong)((fileBytes - Position) / leastBytes)
                ? problems.Error(
                    GgufProblemCode.LengthPastEnd,
                    $"{what} is {value}, but only {fileBytes - Position} bytes follow: truncated or damaged."
                )
                : TooLarge(what);
        }
        count = (int)value;
        return true;
    }

    internal bool TryText(string what, out byte[] bytes)
    {
        bytes = [];
        return TryCount($"the length of {what}", 1, out var length)
            && TryBytes(what, length, out bytes);
    }

    internal bool TryBytes(string what, int length, out byte[] bytes)
    {
        bytes = [];
        if (length > Left)
        {
            return Truncated(what);
        }
        bytes = new byte[length];
        return TryInto(what, bytes);
    }

    internal bool TryInto(string what, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            if (!Fill(1, what))
            {
                return false;
            }
            var n = Math.Min(target.Length, _end - _start);
            _buffer.AsSpan(_start, n).CopyTo(target);
            Skip(n);
            target = target[n..];
        }
        return true;
    }

    private void Skip(int n)
    {
        _start += n;
        Position += n;
    }

    private bool Fill(int needed, string what)
    {
        if (needed > Left)
        {
            return Truncated(what);
        }
        if (_end - _start >= needed)
        {
            return true;
        }
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        // The file may shrink while we read.
        _end += stream.ReadAtLeast(_buffer.AsSpan(_end), needed - _end, throwOnEndOfStream: false);
        return _end >= needed || Truncated(what);
    }

    private bool Truncated(string what) =>
        fileBytes > GgufFormat.MaxHeaderBytes
            ? TooLarge(what)
            : problems.Error(
                GgufProblemCode.HeaderTruncated,
                $"The file ends at byte {fileBytes}, inside its header, where {what} should be."
            );

    private bool TooLarge(string what) =>
        problems.Error(
            GgufProblemCode.HeaderTooLarge,
            $"The header passes {GgufFormat.MaxHeaderBytes} bytes, the most allowed, at {what}."
        );
}
