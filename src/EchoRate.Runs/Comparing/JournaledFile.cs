using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Statistics;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Comparing;

/// <summary>A file of a run as its journal holds it: its record, its rows, and what the other arithmetic says to them.</summary>
public sealed class JournaledFile
{
    // Of rows that were all measured in both arithmetics: a whole vocabulary is not held in memory.
    private const int MostHeld = 20_000;

    private readonly Lazy<ArithmeticCheck> _check;
    private readonly Lazy<Dictionary<ulong, MeasuredRow>> _others;
    private string? _source;

    private JournaledFile(string path, FileRecord record)
    {
        (Path, Record) = (path, record);
        _others = new(() =>
            ByInput(IsWholeInBoth && OtherRecord?.MeasuredRows > MostHeld ? null : _source)
        );
        _check = new(() =>
            new ArithmeticCheck(
                record,
                Pairs(),
                hasDivergence: !IsExact && OtherRecord is not null && !IsWholeInBoth
            )
        );
    }

    /// <summary>The journal.</summary>
    public string Path { get; }

    /// <summary>The file.</summary>
    public FileRecord Record { get; }

    /// <summary>Whether its rows are exact.</summary>
    public bool IsExact => Record.Arithmetic == Arithmetic.Exact;

    /// <summary>What the other arithmetic says to its rows.</summary>
    public ArithmeticCheck Check => _check.Value;

    /// <summary>The record of the rows in the other arithmetic; null where there are none.</summary>
    internal FileRecord? OtherRecord { get; private set; }

    /// <summary>Whether all rows were measured in both arithmetics, as two targets of the run, and not a sample.</summary>
    internal bool IsWholeInBoth { get; private set; }

    /// <summary>The row of the same input in the other arithmetic; null where there is none, or where those are a whole vocabulary.</summary>
    internal MeasuredRow? OtherOf(MeasuredRow row) => _others.Value.GetValueOrDefault(InputOf(row));

    /// <summary>The files of a run, in its order. A journal that was begun and no more is passed over.</summary>
    public static IReadOnlyList<JournaledFile> OfRun(IReadOnlyList<string> journals)
    {
        var files = new List<JournaledFile>();
        foreach (var path in journals)
        {
            if (JournalReader.TryReadFile(path) is { } record)
            {
                files.Add(new JournaledFile(path, record));
            }
        }
        files.ForEach(file => file.FindOther(files));
        return files;
    }

    /// <summary>Its rows, near ties marked.</summary>
    public IEnumerable<MeasuredRow> Rows()
    {
        foreach (var row in JournalReader.ReadRows(Path))
        {
            Check.Mark(row);
            yield return row;
        }
    }

    /// <summary>Its rows, each with the row of the same input in the other arithmetic; only a sample is held in memory.</summary>
    internal IEnumerable<(MeasuredRow Own, MeasuredRow Other)> Pairs()
    {
        if (_source is null)
        {
            yield break;
        }
        var rows = JournalReader.ReadRows(Path);
        if (IsWholeInBoth)
        {
            // Both were asked the same, in the same order.
            foreach (var pair in rows.Zip(JournalReader.ReadRows(_source)))
            {
                if (InputOf(pair.First) == InputOf(pair.Second))
                {
                    yield return pair;
                }
            }
            yield break;
        }
        foreach (var row in rows)
        {
            if (OtherOf(row) is { } other)
            {
                yield return (row, other);
            }
        }
    }

    // A sample of its rows, or, with --arithmetic both, all of them.
    private void FindOther(List<JournaledFile> files)
    {
        if (Record.Arithmetic is null)
        {
            return;
        }
        var sample = RunFolder.CheckOf(Path);
        if (
            JournalReader.LastRecord(sample) is { } record
            && record.Arithmetic != Record.Arithmetic
        )
        {
            (_source, OtherRecord) = (sample, record);
        }
        else if (files.Find(IsTwin) is { } twin)
        {
            (_source, OtherRecord, IsWholeInBoth) = (twin.Path, twin.Record, true);
        }
    }

    private bool IsTwin(JournaledFile other) =>
        other.Record.Arithmetic is { } arithmetic
        && arithmetic != Record.Arithmetic
        && (other.Record.Facts.Sha256, other.Record.Facts.Path)
            == (Record.Facts.Sha256, Record.Facts.Path);

    private static ulong InputOf(MeasuredRow row) => RowInput.Of(row).Hash;

    private static Dictionary<ulong, MeasuredRow> ByInput(string? source) =>
        source is null
            ? []
            : JournalReader
                .ReadRows(source)
                .Where(row => row.InputIds is not null)
                .DistinctBy(InputOf)
                .ToDictionary(InputOf);
}
