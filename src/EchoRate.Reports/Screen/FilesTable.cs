using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Reports.Page;
using Spectre.Console;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Screen;

/// <summary>One line for each file: what it is, how often it echoes, and what it changes against its reference.</summary>
internal sealed class FilesTable
{
    private readonly RunSummary _summary;
    private readonly string _probe;
    private readonly string[] _arms;

    public FilesTable(RunSummary summary)
    {
        _summary = summary;
        var rows = summary.Files.SelectMany(file => file.Rows).ToList();
        _probe = rows.Exists(row => row is { Probe: "echo", Set: not null })
            ? "echo"
            : "completion";
        Set = rows.Where(row => row.Probe == _probe && row.Set is not null)
            .GroupBy(row => row.Set)
            .MaxBy(set => set.Max(row => row.Measured))
            ?.Key;
        var arms = rows.Where(row => row.Probe == _probe && row.Set == Set)
            .Select(row => row.Arm)
            .Distinct()
            .ToList();
        // Other tokens in front are a control: shown where there is nothing else.
        _arms = [.. arms.Where(arm => arm != Arm.Neutral.Name || arms.Count == 1)];
    }

    /// <summary>Whether there is a figure to show.</summary>
    public bool IsEmpty => Set is null || _arms.Length == 0;

    private bool IsLadder =>
        _summary.Contrasts.Any(row =>
            row is { Contrast: ContrastKind.Quant, Status: RowStatus.Ok }
        );

    /// <summary>The set that it is about: the largest, which tells most; null for none.</summary>
    public string? Set { get; }

    /// <summary>What the columns say, in one or two lines.</summary>
    public string Title =>
        $"{(_probe == "echo" ? "Echo" : "Completion")} of {Set} {(_arms.Length > 1 ? "without and with BOS" : PageText.Condition(_arms[0]))} in % (95 % interval)"
        + (
            IsLadder
                ? $"; against the reference, {PageText.Condition(_arms[0])}: flips (lost, gained), same most likely token in %, KLD in nat"
                : ""
        )
        + ":";

    /// <summary>The header's two lines, and one for each file.</summary>
    public IReadOnlyList<string> Lines(TableStyle style)
    {
        // Names get what the other columns leave, and the header of their own takes.
        var others = Lines(new TableStyle(), (_, _) => "")[0].GetCellWidth() - "File".Length;
        return Lines(style, (file, label) => Name(file, label, FirstScreen.Width - others));
    }

    // Of a long name the model's is cut: the quantization tells files apart. A bar takes two columns.
    private static string Name(FileRecord file, string label, int room)
    {
        room -= label.Count(letter => letter == '|');
        var model = file.Facts.Model;
        var rest = label.StartsWith(model, StringComparison.Ordinal)
            ? ScreenText.Cut(label[model.Length..], room * 3 / 4)
            : "";
        return ScreenText.Cut(rest.Length > 0 ? model : label, room - rest.GetCellWidth()) + rest;
    }

    private string[] Lines(TableStyle style, Func<FileRecord, string, string> name)
    {
        List<(DataColumn, Func<(FileSummary Of, string Label), DataCell>)> columns =
        [
            ("File", file => name(file.Of.File, file.Label)),
            (Number("Bits"), file => PageText.Of(file.Of.File.Facts.BitsPerWeight, "0.0")),
            ("embd", file => file.Of.File.Facts.TokenEmbeddingType),
            .. _arms.Select(arm =>
                (
                    Number(arm),
                    (Func<(FileSummary Of, string Label), DataCell>)(file => Rate(file.Of, arm))
                )
            ),
        ];
        if (IsLadder)
        {
            columns.AddRange([
                (Number("Flips"), file => Flips(file.Of.File)),
                (
                    Number("Same"),
                    file => PageText.Percent(Change(file.Of.File)?.Top1Agreement, "P1")
                ),
                (Number("KLD"), file => PageText.Of(Change(file.Of.File)?.Kld?.Mean, "G2")),
            ]);
        }
        var table = DataTable.Of("", _summary.Files.Zip(_summary.Labels), columns);
        return ScreenTable.Render(table, style with { Width = null }).TrimEnd('\n').Split('\n');
    }

    private DataCell Rate(FileSummary file, string arm)
    {
        if (!file.File.Status.IsMeasurement())
        {
            return DataCell.Absent(file.File.Status);
        }
        var row = file.Rows.FirstOrDefault(row =>
            row.Probe == _probe && row.Set == Set && row.Arm == arm
        );
        return row switch
        {
            null => "",
            { Measured: 0 } => DataCell.Absent(row.Status),
            { RateLow: { } low, RateHigh: { } high } =>
                $"{PageText.Percent(row.Rate, "P1")} ({PageText.Percent(low, "P0")}–{PageText.Percent(high, "P0")})",
            _ => PageText.Percent(row.Rate, "P1"),
        };
    }

    private string Flips(FileRecord file) =>
        _summary.IsReference(file) ? "ref"
        : Change(file) is not { } row ? ""
        : row is { Lost: 0, Gained: 0 } ? "0"
        : $"-{row.Lost} +{row.Gained}";

    // Against the reference, in the first arm.
    private CompareRow? Change(FileRecord file) =>
        _summary.Contrasts.FirstOrDefault(row =>
            row is { Contrast: ContrastKind.Quant, Status: RowStatus.Ok }
            && row.B == file
            && row.Probe == _probe
            && row.Set == Set
            && row.BArm == _arms[0]
        );
}
