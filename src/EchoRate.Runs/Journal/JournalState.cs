using EchoRate.Core.Results;
using EchoRate.Runs.Folder;

namespace EchoRate.Runs.Journal;

/// <summary>How far a journal came, and what of it a resumed run keeps.</summary>
public sealed record JournalState
{
    /// <summary>
    /// The file's record: the last where the journal is complete, else the last before the first row (a GPU may have run out of memory after the
    /// file was loaded once); null where not even that was written.
    /// </summary>
    public FileRecord? File { get; init; }

    /// <summary>Whether the file was finished: its last record stands at the end.</summary>
    public bool IsComplete { get; init; }

    /// <summary>
    /// Rows kept: all of a finished file; else without the failed ones at the end, which are what an engine or a worker that gave up left
    /// behind and are measured again.
    /// </summary>
    public long Rows { get; init; }

    /// <summary>Of the rows kept, those that were measured (<see cref="RowStatus.Ok"/>).</summary>
    public long Measured { get; init; }

    /// <summary>Of the rows kept, those that failed.</summary>
    public long Failed { get; init; }

    /// <summary>Why the first of those failed.</summary>
    public string? Failure { get; init; }

    /// <summary>Bytes kept: the journal goes on behind them.</summary>
    public long Bytes { get; init; }

    /// <summary>Reads a journal through; one that is not there holds nothing. A torn last line is not counted.</summary>
    /// <exception cref="RunException">A line in its middle is not one of ours, or a row is missing.</exception>
    public static JournalState Read(string path)
    {
        var all = new JournalState();
        if (!System.IO.File.Exists(path))
        {
            return all;
        }
        var kept = all;
        foreach (var (line, end) in JournalReader.LinesOf(path))
        {
            all = all with
            {
                File =
                    line.Rows is null && all.Rows > 0
                        ? all.File ?? line.File
                        : line.File ?? all.File,
                IsComplete = line.Rows is not null,
                Bytes = end,
            };
            if (line.Row is { } row)
            {
                all = all.With(row);
            }
            if (line.Row is null || line.Row.Status != RowStatus.Failed)
            {
                kept = all;
            }
        }
        return all.IsComplete ? all : kept with { File = all.File };
    }

    /// <summary>One row more.</summary>
    public JournalState With(MeasuredRow row) =>
        this with
        {
            Rows = Rows + 1,
            Measured = Measured + (row.Status == RowStatus.Ok ? 1 : 0),
            Failed = Failed + (row.Status == RowStatus.Failed ? 1 : 0),
            Failure = row.Status == RowStatus.Failed ? Failure ?? row.Reason : Failure,
        };

    /// <summary>The file's record with what became of its rows. A reason that it has already stands first.</summary>
    public FileRecord Close(FileRecord record)
    {
        var failed = Failed > 0 ? $"{Failed} of {Rows} rows failed: {Failure}" : null;
        return record with
        {
            MeasuredRows = Measured,
            Status = Failed > 0 && Measured == 0 ? RowStatus.Failed : RowStatus.Ok,
            Reason =
                record.Reason is { } first && failed is not null
                    ? $"{first}; {failed}"
                    : record.Reason ?? failed,
        };
    }
}
