using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Comparing;

/// <summary>Rows of a file that were measured in both arithmetics.</summary>
public static class ArithmeticPairs
{
    private static readonly Dictionary<MeasuredRow, MeasuredRow> _none = [];

    /// <summary>What the other arithmetic says to the rows of a file.</summary>
    /// <param name="file">The file's record.</param>
    /// <param name="journal">Its journal.</param>
    /// <param name="journals">All journals of the run.</param>
    public static ArithmeticCheck Check(
        FileRecord file,
        string journal,
        IReadOnlyList<string> journals
    ) => Check(file, journal, SourceOf(file, journal, journals));

    /// <summary>The same, where the journal of the other rows is known; null for none.</summary>
    internal static ArithmeticCheck Check(FileRecord file, string journal, string? source) =>
        new(
            file,
            Pairs(journal, source),
            hasDivergence: source is not null
                && IsSample(journal, source)
                && file.Arithmetic == Arithmetic.Library
        );

    /// <summary>Whether other rows are a sample, and not all of them.</summary>
    internal static bool IsSample(string journal, string source) =>
        source == RunFolder.CheckOf(journal);

    /// <summary>
    /// The journal that holds rows of the file in the other arithmetic: a sample of them, or, with <c>--arithmetic both</c>, all of them, as another target of
    /// the run. Null where there is none.
    /// </summary>
    internal static string? SourceOf(
        FileRecord file,
        string journal,
        IReadOnlyList<string> journals
    )
    {
        var sample = RunFolder.CheckOf(journal);
        return
            File.Exists(sample)
            && JournalReader.IsComplete(sample)
            && JournalReader.ReadFile(sample).Arithmetic != file.Arithmetic
            ? sample
            : journals.FirstOrDefault(other =>
                other != journal
                && JournalReader.TryReadFile(other) is { Arithmetic: { } arithmetic } record
                && (record.Facts.Sha256, record.Facts.Path) == (file.Facts.Sha256, file.Facts.Path)
                && arithmetic != file.Arithmetic
            );
    }

    /// <summary>Rows of a file, each with the row of the same input in the other arithmetic.</summary>
    /// <param name="journal">The file's journal.</param>
    /// <param name="source">The other rows; null for none. Only a sample is held in memory.</param>
    internal static IEnumerable<(MeasuredRow Own, MeasuredRow Other)> Pairs(
        string journal,
        string? source
    )
    {
        if (source is null)
        {
            yield break;
        }
        if (!IsSample(journal, source))
        {
            // Both were asked the same, in the same order.
            foreach (
                var pair in JournalReader.ReadRows(journal).Zip(JournalReader.ReadRows(source))
            )
            {
                if (SameInput.Instance.Equals(pair.First, pair.Second))
                {
                    yield return pair;
                }
            }
            yield break;
        }
        var others = Others(source);
        foreach (var row in JournalReader.ReadRows(journal))
        {
            if (others.TryGetValue(row, out var other))
            {
                yield return (row, other);
            }
        }
    }

    /// <summary>Rows by their input: any row that got the same finds them.</summary>
    internal static IReadOnlyDictionary<MeasuredRow, MeasuredRow> Others(string? source)
    {
        if (source is null)
        {
            return _none;
        }
        var rows = new Dictionary<MeasuredRow, MeasuredRow>(SameInput.Instance);
        foreach (var row in JournalReader.ReadRows(source).Where(row => row.InputIds is not null))
        {
            rows.TryAdd(row, row);
        }
        return rows;
    }

    private sealed class SameInput : IEqualityComparer<MeasuredRow>
    {
        public static readonly SameInput Instance = new();

        public bool Equals(MeasuredRow? x, MeasuredRow? y) =>
            (x?.Probe, x?.Set, x?.Arm) == (y?.Probe, y?.Set, y?.Arm)
            && x!.InputIds.AsSpan().SequenceEqual(y!.InputIds);

        public int GetHashCode(MeasuredRow row)
        {
            var hash = new HashCode();
            hash.Add(row.Set);
            hash.Add(row.Arm);
            foreach (var id in row.InputIds ?? [])
            {
                hash.Add(id);
            }
            return hash.ToHashCode();
        }
    }
}
