using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// Makes the contrasts of a run from its journals alone: quantizations of one model against their reference, arms of one file against
/// <c>without</c>, and one file on several devices. Quantizations and arms are held against each other on one target.
/// </summary>
/// <param name="reference">The quantization named for the reference; null for the usual order.</param>
/// <param name="seed">The run's seed, for the bootstrap.</param>
public sealed class RunComparer(string? reference, int seed)
{
    /// <summary>All contrasts, in order: quantizations, arms, devices.</summary>
    public IReadOnlyList<CompareRow> Compare(IReadOnlyList<string> journals)
    {
        // A run that was cut off may have begun a journal and no more.
        var files = journals
            .Select(path => (Path: path, Record: JournalReader.TryReadFile(path)))
            .Where(file => file.Record is not null)
            .Select(file => new RunFile(file.Path, file.Record!))
            .ToList();
        var sameFiles = files
            .GroupBy(file => FileOf(file.Record))
            .Select(same => same.ToList())
            .ToList();
        return
        [
            .. Adjust(Quantizations(files)),
            .. Adjust([.. files.SelectMany(Arms)]),
            .. Adjust([.. sameFiles.SelectMany(Devices)]),
        ];
    }

    private List<CompareRow> Quantizations(List<RunFile> files)
    {
        var rows = new List<CompareRow>();
        foreach (
            var model in files.GroupBy(file => (file.Record.Facts.Model, file.Record.DeviceLabel))
        )
        {
            var ordered = new Ladders(reference).Order([.. model], file => file.Record.Facts);
            foreach (
                var ladder in ordered
                    .Where(file => file.Record.Facts.VocabularyHash is not null)
                    .GroupBy(file => Ladders.KeyOf(file.Record.Facts))
            )
            {
                if (ladder.FirstOrDefault(IsMeasured) is { } a)
                {
                    rows.AddRange(
                        ladder.Where(b => b != a).SelectMany(b => Pair(ContrastKind.Quant, a, b))
                    );
                }
            }
        }
        return rows;
    }

    // The first device that measured the file against the others.
    private IEnumerable<CompareRow> Devices(List<RunFile> sameFile) =>
        sameFile.FirstOrDefault(IsMeasured) is { } a
            ? sameFile
                .Where(b => b != a && HaveOneContent(a, b))
                .SelectMany(b => Pair(ContrastKind.Device, a, b))
            : [];

    private static (string, string?, string?) FileOf(FileRecord record) =>
        (record.Facts.Model, record.Facts.Quantization, record.Facts.Path);

    // What could not be read has no hash.
    private static bool HaveOneContent(RunFile a, RunFile b) =>
        b.Record.Facts.Sha256 is not { } sha256 || sha256 == a.Record.Facts.Sha256;

    private static bool IsMeasured(RunFile file) =>
        file.Record is { Status: RowStatus.Ok, MeasuredRows: > 0 };

    // Both were asked the same, in the same order: row i of one is row i of the other.
    private List<CompareRow> Pair(ContrastKind contrast, RunFile a, RunFile b)
    {
        ContrastBuilder NewGroup() =>
            contrast == ContrastKind.Quant
                ? new(withDivergence: true, a.Record.Facts.FileId)
                : new(withDivergence: false, null);

        var groups =
            new OrderedDictionary<(string Probe, string Set, string Arm), ContrastBuilder>();
        if (b.Record.Status == RowStatus.Ok)
        {
            foreach (
                var (rowA, rowB) in JournalReader
                    .ReadRows(a.Path)
                    .Zip(JournalReader.ReadRows(b.Path))
            )
            {
                GroupOf(groups, rowA, NewGroup).Add(rowA, rowB);
            }
        }
        else
        {
            foreach (var row in JournalReader.ReadRows(a.Path))
            {
                GroupOf(groups, row, NewGroup);
            }
        }
        return
        [
            .. groups.Select(group =>
                group.Value.Build(
                    Blank(
                        contrast,
                        group.Key.Probe,
                        group.Key.Set,
                        a.Record,
                        group.Key.Arm,
                        b.Record,
                        group.Key.Arm
                    ),
                    seed
                )
            ),
        ];
    }

    // The rows without prefix come first in each set. Beside the rows of each other arm they are read once more: a set may be a whole
    // vocabulary, which nobody holds.
    private IEnumerable<CompareRow> Arms(RunFile file)
    {
        var groups =
            new OrderedDictionary<(string Probe, string Set, string Arm), ContrastBuilder>();
        (string Probe, string Set, string Arm, int? Prefix) section = default;
        (string Probe, string Set, long Begin)? without = null;
        IEnumerator<MeasuredRow>? beside = null;
        try
        {
            var begin = 0L;
            foreach (var (line, end) in JournalReader.LinesOf(file.Path))
            {
                if (line.Row is { Set: { } set } row)
                {
                    var at = (ProbeOf(row), set, row.Arm, row.Prefix?.Id);
                    if (at != section)
                    {
                        section = at;
                        beside?.Dispose();
                        beside = null;
                        if (row.Arm == Arm.Without.Name)
                        {
                            without = (at.Item1, set, begin);
                        }
                        else if (without is { } rows && (rows.Probe, rows.Set) == (at.Item1, set))
                        {
                            beside = Without(file.Path, rows.Begin).GetEnumerator();
                        }
                    }
                    if (beside is not null && beside.MoveNext())
                    {
                        GroupOf(groups, row, () => new ContrastBuilder(withDivergence: false, null))
                            .Add(beside.Current, row);
                    }
                }
                begin = end;
            }
        }
        finally
        {
            beside?.Dispose();
        }
        return groups.Select(group =>
            group.Value.Build(
                Blank(
                    ContrastKind.Arm,
                    group.Key.Probe,
                    group.Key.Set,
                    file.Record,
                    Arm.Without.Name,
                    file.Record,
                    group.Key.Arm
                ),
                seed
            )
        );
    }

    private static IEnumerable<MeasuredRow> Without(string path, long begin) =>
        JournalReader
            .LinesOf(path, begin)
            .Select(line => line.Line.Row)
            .OfType<MeasuredRow>()
            .TakeWhile(row => row.Arm == Arm.Without.Name);

    private static CompareRow Blank(
        ContrastKind contrast,
        string probe,
        string set,
        FileRecord a,
        string aArm,
        FileRecord b,
        string bArm
    ) =>
        new()
        {
            Contrast = contrast,
            Probe = probe,
            Set = set,
            A = a,
            AArm = aArm,
            B = b,
            BArm = bArm,
            Items = 0,
            Status = b.Status,
            Flags = [.. a.Flags.Union(b.Flags)],
            Reason = b.Status == RowStatus.Ok ? null : b.Reason,
        };

    // A family of tests: one question asked of several files or arms of one model.
    private static IEnumerable<CompareRow> Adjust(List<CompareRow> rows)
    {
        var adjusted = new Dictionary<CompareRow, double>(ReferenceEqualityComparer.Instance);
        foreach (
            var family in rows.Where(row => row.McNemarP is not null)
                .GroupBy(row => (row.Contrast, row.Probe, row.Set, row.A.Facts.Model))
        )
        {
            var members = family.ToList();
            foreach (
                var (row, p) in members.Zip(
                    Holm.Adjust([.. members.Select(row => row.McNemarP!.Value)])
                )
            )
            {
                adjusted[row] = p;
            }
        }
        return rows.Select(row =>
            adjusted.TryGetValue(row, out var p) ? row with { McNemarPHolm = p } : row
        );
    }

    private static ContrastBuilder GroupOf(
        OrderedDictionary<(string Probe, string Set, string Arm), ContrastBuilder> groups,
        MeasuredRow row,
        Func<ContrastBuilder> make
    )
    {
        var key = (ProbeOf(row), row.Set ?? "", row.Arm);
        if (!groups.TryGetValue(key, out var group))
        {
            group = make();
            groups.Add(key, group);
        }
        return group;
    }

    private static string ProbeOf(MeasuredRow row) => row is EchoRow ? "echo" : "completion";

    private sealed record RunFile(string Path, FileRecord Record);
}
