using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Keeps what comes from measuring one file: rows in its journal, the library's words in its log, and the counts of its record.</summary>
internal sealed class RowKeeper(
    FileRecord record,
    JournalWriter journal,
    TextWriter log,
    Action<int> progress
) : IMeasurementListener, IDisposable
{
    private readonly Lock _lock = new();
    private FileRecord _record = record;
    private bool _isClosed;
    private IOException? _logFailure;
    private int _rows;
    private int _measured;
    private int _failed;
    private string? _failure;

    /// <inheritdoc />
    public void Loaded(LoadedFile file)
    {
        _record = _record with
        {
            Backend = file.Report.Backend,
            Device = file.Report.Device,
            GpuLayers = file.Report.GpuLayers,
            Threads = file.Report.Threads,
            Sequences = file.Sequences,
            LoadMs = file.LoadMs,
        };
        journal.Append(_record);
    }

    /// <inheritdoc />
    public void Row(RowLine row)
    {
        CheckLog();
        journal.AppendLine(row.Json);
        progress(++_rows);
        _measured += row.Status == RowStatus.Ok ? 1 : 0;
        if (row.Status == RowStatus.Failed)
        {
            _failed++;
            _failure ??= row.Reason;
        }
    }

    /// <summary>Keeps a line of the log. From whichever thread: what goes wrong is said with the next row.</summary>
    public void Log(string line)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }
            try
            {
                log.WriteLine(line);
            }
            catch (IOException e)
            {
                _logFailure ??= e;
            }
        }
    }

    /// <summary>The file's record, complete.</summary>
    /// <exception cref="IOException">The log could not be written.</exception>
    public FileRecord Complete(MeasureEnd end)
    {
        CheckLog();
        return _record with
        {
            DecodeMs = end.DecodeMs,
            RowsPerSecond = end.DecodeMs > 0 ? _measured / (end.DecodeMs / 1000) : 0,
            PeakRssBytes = end.PeakRssBytes,
            PeakDeviceBytes = end.PeakDeviceBytes,
            Status = _failed > 0 && _measured == 0 ? RowStatus.Failed : RowStatus.Ok,
            Reason = _failed == 0 ? null : $"{_failed} of {_rows} rows failed: {_failure}",
        };
    }

    /// <summary>Hears no more: the log is about to be closed.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    private void CheckLog()
    {
        if (_logFailure is not null)
        {
            throw _logFailure;
        }
    }
}
