using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>What became of a file's rows, in numbers.</summary>
/// <param name="kept">The rows that are there already.</param>
internal sealed class RowCounts(JournalState kept)
{
    private long _failed = kept.Failed;
    private string? _failure = kept.Failure;

    /// <summary>All rows.</summary>
    public long Rows { get; private set; } = kept.Rows;

    /// <summary>Those that were measured (<see cref="RowStatus.Ok"/>).</summary>
    public long Measured { get; private set; } = kept.Measured;

    /// <summary>Counts a row.</summary>
    public void Add(MeasuredRow row)
    {
        Rows++;
        Measured += row.Status == RowStatus.Ok ? 1 : 0;
        if (row.Status == RowStatus.Failed)
        {
            _failed++;
            _failure ??= row.Reason;
        }
    }

    /// <summary>The file's record with what became of it. A reason that it has already stands first.</summary>
    public FileRecord Close(FileRecord record) =>
        record with
        {
            MeasuredRows = Measured,
            Status = _failed > 0 && Measured == 0 ? RowStatus.Failed : RowStatus.Ok,
            Reason = string.Join("; ", Reasons(record.Reason)) is { Length: > 0 } reason
                ? reason
                : null,
        };

    private IEnumerable<string> Reasons(string? first)
    {
        if (first is not null)
        {
            yield return first;
        }
        if (_failed > 0)
        {
            yield return $"{_failed} of {Rows} rows failed: {_failure}";
        }
    }
}
