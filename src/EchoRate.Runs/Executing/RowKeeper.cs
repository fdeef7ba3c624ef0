using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Keeps what comes from measuring one file: rows in its journal, the library's words in its log, and the counts of its record.</summary>
/// <param name="record">What is known of the file.</param>
/// <param name="kept">What an earlier process left in the journal.</param>
/// <param name="journal">The journal; null where the file was finished, and its rows only go by again.</param>
/// <param name="log">The library's log.</param>
/// <param name="check">Rows of the journal that come again; null for none.</param>
/// <param name="progress">Told the number of rows so far.</param>
internal sealed class RowKeeper(
    FileRecord record,
    JournalState kept,
    JournalWriter? journal,
    TextWriter log,
    RowCheck? check,
    Action<int> progress
) : IMeasurementListener
{
    private readonly Lock _lock = new();
    private FileRecord _record = record;
    private long _rows = kept.Rows;
    private long _measured = kept.Measured;
    private long _failed = kept.Failed;
    private string? _failure = kept.Failure;
    private string? _note;

    /// <summary>Whether a GPU was asked for.</summary>
    public bool IsGpuWanted { get; init; }

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
        if (IsGpuWanted && file.Report.GpuLayers == 0)
        {
            Flag(RowFlags.GpuNotUsed);
        }
        if (kept.Rows > 0)
        {
            RequireSame(kept.File!, _record);
        }
        journal?.Append(_record);
    }

    /// <inheritdoc />
    public void Row(RowLine row)
    {
        if (check?.Takes(row) == true)
        {
            return;
        }
        if (journal is null)
        {
            throw new RunException($"{_record.Facts.Path}: measured again, it gives more rows");
        }
        journal.AppendRow(row.Json);
        progress((int)++_rows);
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

    /// <summary>Takes note that a GPU ran out of memory, and that it is tried with fewer layers.</summary>
    public void FallBack(string note)
    {
        Flag(RowFlags.GpuLayersReduced);
        _note = note;
        Log(note);
    }

    private void Flag(string flag) =>
        _record = _record with { Flags = [.. _record.Flags.Union([flag])] };

    /// <summary>The file's record, complete. Times are those of this process; counts are those of the file.</summary>
    public FileRecord Complete(MeasureEnd end)
    {
        var record = FileOutcome.Of(_record, _rows, _measured, _failed, _failure);
        return record with
        {
            Reason =
                record.Reason is null ? _note
                : _note is null ? record.Reason
                : $"{_note}; {record.Reason}",
            DecodeMs = end.DecodeMs,
            RowsPerSecond =
                end.DecodeMs > 0 ? (_measured - kept.Measured) / (end.DecodeMs / 1000) : 0,
            PeakRssBytes = end.PeakRssBytes,
            PeakDeviceBytes = end.PeakDeviceBytes,
        };
    }

    // Batches of another width, or another device, give other last digits.
    private static void RequireSame(FileRecord was, FileRecord now)
    {
        foreach (
            var (what, before, after) in new[]
            {
                ("device", was.Device, now.Device),
                ("gpu_layers", $"{was.GpuLayers}", $"{now.GpuLayers}"),
                ("threads", $"{was.Threads}", $"{now.Threads}"),
                ("sequences", $"{was.Sequences}", $"{now.Sequences}"),
                ("engine_version", was.EngineVersion, now.EngineVersion),
            }
        )
        {
            if (before != after)
            {
                throw new RunDiffersException(
                    $"{now.Facts.Path}: {what} is {after}, and was {before} for the rows that are there; begin a new run"
                );
            }
        }
    }
}
