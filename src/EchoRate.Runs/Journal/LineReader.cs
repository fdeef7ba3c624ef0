namespace EchoRate.Runs.Journal;

/// <summary>Goes through a file line by line, as bytes: checksums are over bytes, and what was torn may be no text.</summary>
internal sealed class LineReader : IDisposable
{
    private readonly FileStream _stream;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _filled;
    private int _length;

    public LineReader(string path, long from = 0)
    {
        _stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0,
            FileOptions.SequentialScan
        );
        End = _stream.Seek(from, SeekOrigin.Begin);
    }

    /// <summary>The line's number, from 1, counted from where the reader began.</summary>
    public int Number { get; private set; }

    /// <summary>The line without its end; empty where its end is missing. Valid until the next.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_start - _length, Math.Max(0, _length - 1));

    /// <summary>Bytes of the file up to and with this line.</summary>
    public long End { get; private set; }

    public bool IsLast => _start == _filled && !Fill();

    /// <summary>Goes to the next line. A last one without an end counts as an empty line.</summary>
    /// <returns>False at the file's end.</returns>
    public bool Next()
    {
        var searched = _start;
        int end;
        while ((end = _buffer.AsSpan(searched, _filled - searched).IndexOf((byte)'\n')) < 0)
        {
            var pending = _filled - _start;
            if (!Fill())
            {
                (_start, _length) = (_filled, 0);
                Number++;
                return pending > 0;
            }
            searched = _start + pending;
        }
        var next = searched + end + 1;
        _length = next - _start;
        _start = next;
        End += _length;
        Number++;
        return true;
    }

    public void Dispose() => _stream.Dispose();

    // Keeps what is not yet consumed, and reads on behind it.
    private bool Fill()
    {
        var pending = _filled - _start;
        if (pending == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, pending).CopyTo(_buffer);
        }
        (_start, _filled) = (0, pending);
        var read = _stream.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        return read > 0;
    }
}
