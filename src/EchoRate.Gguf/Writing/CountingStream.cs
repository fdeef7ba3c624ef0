namespace EchoRate.Gguf;

/// <summary>Counts what goes through and refuses what goes past a limit, so that a tensor cannot spill into its neighbour.</summary>
internal sealed class CountingStream(Stream inner) : Stream
{
    private long _position;

    internal long Limit { get; set; } = long.MaxValue;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _position;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length > Limit - _position)
        {
            throw new InvalidOperationException(
                $"A tensor got at least {buffer.Length - (Limit - _position)} bytes more than its dimensions ask for."
            );
        }
        inner.Write(buffer);
        _position += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
