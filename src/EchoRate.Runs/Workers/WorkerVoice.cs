using System.Diagnostics;
using System.Text.Json;
using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Workers;

/// <summary>
/// What a worker says, from two threads: rows and events as they come, and a sign of life at most a second apart. Rows wait in a buffer
/// until it is full, the next sign of life, or the next batch: a library that dies in a batch takes no earlier row with it.
/// </summary>
internal sealed class WorkerVoice : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly BufferedStream _stream;
    private readonly Timer _timer;
    private long _decodes;
    private bool _closed;

    public WorkerVoice(Stream stream)
    {
        _stream = new BufferedStream(stream, 1 << 16);
        _timer = new Timer(_ => SayAlive(), null, Interval, Interval);
    }

    /// <summary>Says something, now.</summary>
    public void Say(WorkerMessage message)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message, WorkerJson.Default.WorkerMessage);
        lock (_lock)
        {
            Write(line);
            _stream.Flush();
        }
    }

    /// <summary>Says a row, soon.</summary>
    public void SayRow(ReadOnlySpan<byte> json)
    {
        lock (_lock)
        {
            Write(json);
        }
    }

    /// <summary>A batch is about to be decoded: what waits is said first.</summary>
    public void BeforeDecode()
    {
        lock (_lock)
        {
            _stream.Flush();
        }
    }

    /// <summary>A batch was decoded.</summary>
    public void AfterDecode() => Interlocked.Increment(ref _decodes);

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _closed = true;
            _stream.Dispose();
        }
    }

    private void SayAlive()
    {
        using var process = Process.GetCurrentProcess();
        var alive = new SignOfLife(
            Interlocked.Read(ref _decodes),
            process.TotalProcessorTime.TotalMilliseconds,
            PeakMemory.Read()
        );
        // Where the parent does not read for a while, whoever speaks waits for it; signs of life must not queue up behind, a thread each.
        if (!_lock.TryEnter(Interval / 2))
        {
            return;
        }
        try
        {
            if (!_closed)
            {
                Say(new WorkerMessage { Alive = alive });
            }
        }
        catch (IOException)
        {
            // Nobody listens any more: the end of the input ends this process.
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void Write(ReadOnlySpan<byte> json)
    {
        _stream.Write(json);
        _stream.WriteByte((byte)'\n');
    }
}
