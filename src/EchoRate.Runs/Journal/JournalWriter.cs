using System.Buffers;
using System.Runtime.ExceptionServices;
using EchoRate.Core.Results;
using Microsoft.Win32.SafeHandles;

namespace EchoRate.Runs.Journal;

/// <summary>
/// Appends a file's rows as they are measured, lossless, one JSON object a line, each closed by its checksum. What was appended is handed to
/// the system at most half a second after, by a timer, so that a killed process loses no more; at the file's end it is on disk.
/// </summary>
/// <remarks>What the system refuses behind the scenes comes out of the next call.</remarks>
public sealed class JournalWriter : IDisposable
{
    private const int FlushBytes = 1 << 16;

    // With the half second that a worker may keep a row, a second in all.
    private static readonly TimeSpan _flushInterval = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly ArrayBufferWriter<byte> _waiting = new(2 * FlushBytes);
    private readonly Timer _timer;
    private long _end;
    private long _rows;
    private ExceptionDispatchInfo? _failure;

    private JournalWriter(string path, SafeFileHandle handle, long end, long rows)
    {
        (_path, _handle, _end, _rows) = (path, handle, end, rows);
        _timer = new Timer(_ => TryFlush(), null, _flushInterval, _flushInterval);
    }

    /// <summary>Begins a journal, or goes on with one: what is not kept is cut away.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="kept">What of it is kept; null for nothing.</param>
    public static JournalWriter Open(string path, JournalState? kept = null)
    {
        kept ??= new JournalState();
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        RandomAccess.SetLength(handle, kept.Bytes);
        return new JournalWriter(path, handle, kept.Bytes, kept.Rows);
    }

    /// <summary>Appends what is known of the file.</summary>
    public void Append(FileRecord file)
    {
        lock (_gate)
        {
            Append(new JournalLine { File = file });
        }
    }

    /// <summary>Appends a row.</summary>
    public void Append(MeasuredRow row)
    {
        lock (_gate)
        {
            Append(JournalLine.Of(row));
            _rows++;
        }
    }

    /// <summary>Appends the file's last record, with the number of rows, and waits until all of it is on disk.</summary>
    public void End(FileRecord file)
    {
        lock (_gate)
        {
            Append(new JournalLine { File = file, Rows = _rows });
            Flush();
            RandomAccess.FlushToDisk(_handle);
        }
    }

    /// <summary>Hands everything to the system, so that the death of this process loses nothing.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            _failure?.Throw();
            if (_waiting.WrittenCount == 0)
            {
                return;
            }
            if (!File.Exists(_path))
            {
                // Unix would go on writing into a file that has no name any more.
                throw new FileNotFoundException($"{_path} vanished while rows were written to it");
            }
            RandomAccess.Write(_handle, _waiting.WrittenSpan, _end);
            _end += _waiting.WrittenCount;
            _waiting.ResetWrittenCount();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            if (_handle.IsClosed)
            {
                return;
            }
            try
            {
                if (_failure is null)
                {
                    Flush();
                }
            }
            finally
            {
                _handle.Dispose();
            }
        }
    }

    private void Append(JournalLine line)
    {
        _failure?.Throw();
        var open = line.ToJson().AsSpan()[..^1];
        _waiting.Write(open);
        Checksum.Write(open, _waiting.GetSpan(Checksum.Length));
        _waiting.Advance(Checksum.Length);
        _waiting.Write("\n"u8);
        if (_waiting.WrittenCount >= FlushBytes)
        {
            Flush();
        }
    }

    /// <summary>Like <see cref="Flush"/>; what goes wrong comes out of the next call.</summary>
    public void TryFlush()
    {
        lock (_gate)
        {
            if (_failure is not null || _handle.IsClosed)
            {
                return;
            }
            try
            {
                Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
