using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>
/// Rows that are in the journal already and are measured again, because the reference's logits are gone. They are not written twice, but
/// must be the same to the last bit, or this is not the machine that the run was begun on.
/// </summary>
internal sealed class EarlierRows(string journal, long rows) : IDisposable
{
    private readonly IEnumerator<byte[]> _lines = JournalReader
        .ReadRowJson(journal)
        .GetEnumerator();
    private readonly JournalLineWriter _writer = new();
    private long _left = rows;

    /// <summary>Takes a row that is in the journal.</summary>
    /// <returns>False where all of the journal's rows have gone by: the row is new.</returns>
    /// <exception cref="RunException">It could not be measured again.</exception>
    /// <exception cref="RunDiffersException">It is another row than the journal's.</exception>
    public bool Takes(MeasuredRow row)
    {
        if (_left == 0)
        {
            return false;
        }
        _left--;
        if (_lines.MoveNext() && _writer.Write(row).SequenceEqual(_lines.Current))
        {
            return true;
        }
        throw row.Status == RowStatus.Failed
            ? NotAgain(journal, row.Reason)
            : new RunDiffersException(
                $"{journal}: a row that was measured again differs from the one that is there; this machine does not compute what the run's did: begin a new run"
            );
    }

    /// <summary>The rows of a reference could not be measured again.</summary>
    public static RunException NotAgain(string journal, string? reason) =>
        new(
            $"{journal}: the reference's logits are gone, and its rows could not be measured again: {reason}"
        );

    /// <inheritdoc />
    public void Dispose()
    {
        _lines.Dispose();
        _writer.Dispose();
    }
}
