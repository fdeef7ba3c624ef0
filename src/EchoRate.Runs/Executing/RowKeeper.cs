using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Keeps what comes from measuring one file: rows in its journal, the library's words in its log, and the counts of its record.</summary>
internal sealed class RowKeeper(
    FileRecord record,
    JournalWriter journal,
    TextWriter log,
    Action<int> progress
) : IMeasurementListener
{
    private readonly Lock _lock = new();
    private FileRecord _record = record;
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
        journal.AppendLine(row.Json);
        progress(++_rows);
        _measured += row.Status == RowStatus.Ok ? 1 : 0;
        if (row.Status == RowStatus.Failed)
        {
            _failed++;
            _failure ??= row.Reason;
        }
    }

    /// <inheritdoc />
    public void Log(string line)
    {
        lock (_lock)
        {
            log.WriteLine(line);
        }
    }

    /// <summary>The file's record, complete.</summary>
    public FileRecord Complete(MeasureEnd end) =>
        _record with
        {
            DecodeMs = end.DecodeMs,
            RowsPerSecond = end.DecodeMs > 0 ? _measured / (end.DecodeMs / 1000) : 0,
            PeakRssBytes = end.PeakRssBytes,
            PeakDeviceBytes = end.PeakDeviceBytes,
            Status = _failed > 0 && _measured == 0 ? RowStatus.Failed : RowStatus.Ok,
            Reason = _failed == 0 ? null : $"{_failed} of {_rows} rows failed: {_failure}",
        };
}
