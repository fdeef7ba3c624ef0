using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// Makes the contrasts of a run from its journals alone: quantizations of one model against their reference, arms of one file against
/// <c>without</c>, one file on several devices, and one file in both arithmetics. Quantizations and arms are held against each other on one target.
/// </summary>
/// <param name="reference">The quantization named for the reference; null for the usual order.</param>
/// <param name="seed">The run's seed, for the bootstrap.</param>
public sealed class RunComparer(string? reference, int seed)
{
    /// <summary>All contrasts, in order: quantizations, arms, devices, arithmetics.</summary>
    public IReadOnlyList<CompareRow> Compare(IReadOnlyList<JournaledFile> files) =>
        [
            .. Adjust(Quantizations(files)),
            .. Adjust(files.SelectMany(Arms)),
            .. Adjust(files.GroupBy(file => FileOf(file.Record)).SelectMany(Devices)),
            .. Adjust(files.SelectMany(Arithmetics)),
        ];

    private IEnumerable<CompareRow> Quantizations(IReadOnlyList<JournaledFile> files) =>
        from model in files.GroupBy(file => (file.Record.Facts.Model, file.Record.DeviceLabel))
        from ladder in new Ladders(reference)
            .Order([.. model], file => file.Record.Facts)
            .Where(file => file.Record.Facts.VocabularyHash is not null)
            .GroupBy(file => Ladders.KeyOf(file.Record.Facts))
        let a = ladder.FirstOrDefault(IsMeasured)
        where a is not null
        from b in ladder
        where b != a && (b.Record.Arithmetic ?? a.Record.Arithmetic) == a.Record.Arithmetic
        from row in Pair(ContrastKind.Quant, a, b)
        select row;

    // The first device that measured the file against the others.
    private IEnumerable<CompareRow> Devices(IEnumerable<JournaledFile> sameFile) =>
        sameFile.FirstOrDefault(IsMeasured) is { } a
            ? sameFile
                .Where(b => b != a && HaveOneContent(a, b))
                .SelectMany(b => Pair(ContrastKind.Device, a, b))
            : [];

    // Where a file was measured on several targets in different arithmetics, that is a contrast of its own.
    private static (string, string?, string?, Arithmetic?) FileOf(FileRecord record) =>
        (
            record.Facts.Model,
            record.Facts.Quantization,
            record.Facts.Path,
            record.Arithmetic ?? Arithmetic.Library
        );

    // a is exact. Of a file that was measured in both arithmetics whole, its library rows say it, on each device.
    private IEnumerable<CompareRow> Arithmetics(JournaledFile file)
    {
        if (file.OtherRecord is not { } other || (file.IsExact && file.IsWholeInBoth))
        {
            return [];
        }
        var groups = new Groups(false, null);
        foreach (var (row, otherwise) in file.Pairs())
        {
            file.Check.Mark(row);
            groups.Of(row).Add(file.IsExact ? row : otherwise, file.IsExact ? otherwise : row);
        }
        return groups.Select(group =>
            group.Value.Build(
                file.IsExact
                    ? Blank(ContrastKind.Arithmetic, group.Key, file.Record, other)
                    : Blank(ContrastKind.Arithmetic, group.Key, other, file.Record),
                seed
            )
        );
    }

    // What could not be read has no hash.
    private static bool HaveOneContent(JournaledFile a, JournaledFile b) =>
        b.Record.Facts.Sha256 is not { } sha256 || sha256 == a.Record.Facts.Sha256;

    private static bool IsMeasured(JournaledFile file) =>
        file.Record is { Status: RowStatus.Ok, MeasuredRows: > 0 };

    private IEnumerable<CompareRow> Pair(ContrastKind contrast, JournaledFile a, JournaledFile b)
    {
        var reference = contrast == ContrastKind.Quant ? a.Record.Facts.FileId : null;
        var groups = new Groups(contrast == ContrastKind.Quant, reference);
        foreach (var (rowA, rowB) in Pairs(a, b))
        {
            var group = groups.Of(rowA);
            if (rowB is not null)
            {
                group.Add(rowA, rowB);
                if (contrast == ContrastKind.Quant && b.IsExact && b.OtherOf(rowB) is { } otherwise)
                {
                    group.AddArithmetic(rowA, rowB, otherwise);
                }
            }
        }
        return groups.Select(group =>
        {
            var blank = Blank(contrast, group.Key, a.Record, b.Record);
            return group.Value.Build(
                contrast == ContrastKind.Quant && !b.IsExact
                    ? blank with
                    {
                        Floor = b.Check.Of(group.Key.Probe, group.Key.Set, group.Key.Arm),
                    }
                    : blank,
                seed
            );
        });
    }

    // Both were asked the same, in the same order: within a question, row i of one is row i of the other. Only where EOS is BOS in one of them,
    // its neutral rows are fewer by those behind EOS. Of a file that never started there is none.
    private static IEnumerable<(MeasuredRow A, MeasuredRow? B)> Pairs(
        JournaledFile a,
        JournaledFile b
    )
    {
        using var others = (b.Record.Status == RowStatus.Ok ? b.Rows() : []).GetEnumerator();
        var isLeft = others.MoveNext();
        foreach (var rowA in a.Rows())
        {
            var isBehindEos = IsBehindEos(a, rowA);
            while (isLeft && !isBehindEos && IsBehindEos(b, others.Current))
            {
                isLeft = others.MoveNext();
            }
            if (
                isLeft
                && Question.Of(others.Current) == Question.Of(rowA)
                && isBehindEos == IsBehindEos(b, others.Current)
            )
            {
                yield return (rowA, others.Current);
                isLeft = others.MoveNext();
            }
            else
            {
                yield return (rowA, null);
            }
        }
    }

    private static bool IsBehindEos(JournaledFile file, MeasuredRow row) =>
        row.Arm == Arm.Neutral.Name
        && row.Prefix is { } prefix
        && prefix.Id == file.Record.Facts.EosToken;

    // The rows without prefix come first in each set. Beside the rows of each other arm they are read once more: a set may be a whole
    // vocabulary, which nobody holds.
    private IEnumerable<CompareRow> Arms(JournaledFile file)
    {
        var groups = new Groups(false, null);
        (Question Question, int? Prefix) section = default;
        (Question Question, long Begin) without = default;
        IEnumerator<MeasuredRow>? beside = null;
        try
        {
            var begin = 0L;
            foreach (var (line, end) in JournalReader.LinesOf(file.Path))
            {
                if (line.Row is { Set: not null } row)
                {
                    file.Check.Mark(row);
                    var question = Question.Of(row);
                    if (section != (question, row.Prefix?.Id))
                    {
                        section = (question, row.Prefix?.Id);
                        beside?.Dispose();
                        beside = null;
                        if (row.Arm == Arm.Without.Name)
                        {
                            without = (question, begin);
                        }
                        else if (without.Question == question with { Arm = Arm.Without.Name })
                        {
                            beside = Without(file.Path, without.Begin).GetEnumerator();
                        }
                    }
                    if (beside is not null && beside.MoveNext())
                    {
                        file.Check.Mark(beside.Current);
                        groups.Of(row).Add(beside.Current, row);
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
        {
            var blank = Blank(ContrastKind.Arm, group.Key, file.Record, file.Record);
            return group.Value.Build(blank with { AArm = Arm.Without.Name }, seed);
        });
    }

    private static IEnumerable<MeasuredRow> Without(string path, long begin) =>
        JournalReader
            .LinesOf(path, begin)
            .Select(line => line.Line.Row)
            .OfType<MeasuredRow>()
            .TakeWhile(row => row.Arm == Arm.Without.Name);

    private static CompareRow Blank(
        ContrastKind contrast,
        Question question,
        FileRecord a,
        FileRecord b
    ) =>
        new()
        {
            Contrast = contrast,
            Probe = question.Probe,
            Set = question.Set,
            A = a,
            AArm = question.Arm,
            B = b,
            BArm = question.Arm,
            Items = 0,
            Status = b.Status,
            Flags = [.. a.Flags.Union(b.Flags)],
            Reason = b.Status == RowStatus.Ok ? null : b.Reason,
        };

    // A family of tests: one question asked of several files or arms of one model.
    private static List<CompareRow> Adjust(IEnumerable<CompareRow> rows)
    {
        var adjusted = rows.ToList();
        foreach (
            var family in adjusted
                .Index()
                .Where(at => at.Item.McNemarP is not null)
                .GroupBy(at =>
                    (at.Item.Contrast, at.Item.Probe, at.Item.Set, at.Item.A.Facts.Model)
                )
                .ToList()
        )
        {
            var values = Holm.Adjust([.. family.Select(at => at.Item.McNemarP!.Value)]);
            foreach (var (at, value) in family.Zip(values))
            {
                adjusted[at.Index] = at.Item with { McNemarPHolm = value };
            }
        }
        return adjusted;
    }

    // What was asked: the same of a and b.
    private readonly record struct Question(string Probe, string Set, string Arm)
    {
        public static Question Of(MeasuredRow row) => new(row.Probe, row.Set ?? "", row.Arm);
    }

    private sealed class Groups(bool withDivergence, string? reference)
        : OrderedDictionary<Question, ContrastBuilder>
    {
        public ContrastBuilder Of(MeasuredRow row)
        {
            var question = Question.Of(row);
            if (!TryGetValue(question, out var group))
            {
                Add(question, group = new ContrastBuilder(withDivergence, reference));
            }
            return group;
        }
    }
}
