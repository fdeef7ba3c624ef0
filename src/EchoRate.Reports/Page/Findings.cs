using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Page;

/// <summary>What a run found about one model, in plain sentences.</summary>
/// <param name="Model">The model.</param>
/// <param name="Echo">How often it gives a lone token back, without and with BOS.</param>
/// <param name="Completion">What it completes; null where no prompt was measured.</param>
/// <param name="Places">Of a whole vocabulary, how often tokens of each kind and of each tenth echo; null where none was measured.</param>
/// <param name="Published">Agreement with the published table; null where that has no column for it.</param>
/// <param name="Quantization">What its ladder does to the echo; null for a single file.</param>
/// <param name="Arithmetic">Whether the weights or the arithmetic speak, a sentence for each ladder and arm.</param>
public sealed record ModelFinding(
    string Model,
    string Echo,
    string? Completion,
    string? Places,
    string? Published,
    string? Quantization,
    IReadOnlyList<string> Arithmetic
)
{
    /// <summary>All of it, in order.</summary>
    public IEnumerable<string> Sentences =>
        new[] { Echo, Completion, Places, Published, Quantization }
            .OfType<string>()
            .Concat(Arithmetic);
}

/// <summary>The sentences that a run's figures come to: what the first screen and the reports begin with. Plain text, nothing escaped.</summary>
/// <param name="summary">The run.</param>
/// <param name="seen">What was kept of its rows.</param>
public sealed class RunFindings(RunSummary summary, ReportRows seen)
{
    /// <summary>What is found where every file failed.</summary>
    public const string Nothing = "Nothing was measured.";

    /// <summary>What a run on the published words alone cannot say.</summary>
    public const string FewWords =
        "27 words describe, they do not infer: six flips one way (22 points) are the least that McNemar's test calls significant.";

    /// <summary>A finding for each model that was measured, in the order of the run.</summary>
    public IReadOnlyList<ModelFinding> Models { get; } =
    [.. summary.Speakers.Select(file => OfModel(summary, seen, file))];

    /// <summary>How many answers the other arithmetic changes: one sentence for all files, with the one that changes most; nothing where none changes.</summary>
    public IReadOnlyList<string> Arithmetic { get; } =
    [
        .. from file in summary.Files.Index()
        let rows = file.Item.Rows.Select(row => row.Checked).OfType<CheckedRows>().ToList()
        where rows.Count > 0
        let changed = rows.Sum(row => row.Top1Changed)
        group (
            Label: summary.Labels[file.Index],
            Changed: changed,
            All: rows.Sum(row => row.Rows)
        ) by file.Item.File.Arithmetic into files
        let most = files.MaxBy(file => (double)file.Changed / file.All)
        where most.Changed > 0
        let other = files.Key == Core.Engine.Arithmetic.Exact
            ? "llama.cpp's own arithmetic"
            : "exact arithmetic, what the weights say,"
        select $"{other} changes up to {most.Changed:N0} of {most.All:N0} checked answers ({most.Label})",
    ];

    /// <summary>Near ties: how many of the answers may fall the other way; null where none may.</summary>
    public string? NearTies { get; } = OfNearTies([.. summary.Files.SelectMany(file => file.Rows)]);

    /// <summary>Files that were not measured, and why.</summary>
    public IReadOnlyList<string> NotMeasured { get; } =
    [
        .. summary
            .Files.Select((file, index) => (Name: summary.Labels[index], file.File))
            .Where(file => !file.File.Status.IsMeasurement())
            .Select(file =>
                $"{file.Name}: {(file.File.Status == RowStatus.NotHere ? "not here" : "failed")}: {file.File.Reason}"
            ),
    ];

    /// <summary>Flags, in words, each with the files that bear it.</summary>
    public IReadOnlyList<string> Flags { get; } =
    [
        .. from file in summary.Measured
        from flag in file.Item.Rows.SelectMany(row => row.Flags).Union(file.Item.File.Flags)
        group summary.Labels[file.Index] by flag into files
        select $"{files.Key} ({string.Join(", ", files)}): {FlagWords.Of(files.Key)}",
    ];

    private static string? OfNearTies(List<SummaryRow> rows) =>
        rows.Sum(row => row.NearTies) is > 0 and var ties
            ? $"{ties:N0} of {rows.Sum(row => row.Measured):N0} outcomes are near ties: they may fall the other way on another machine"
            : null;

    private static ModelFinding OfModel(
        RunSummary summary,
        ReportRows seen,
        (int Index, FileSummary Item) file
    )
    {
        var (name, facts, rows) = (
            summary.Labels[file.Index],
            file.Item.File.Facts,
            file.Item.Rows
        );
        var own = summary.Contrasts.Where(row => row.A.Facts.Model == facts.Model).ToList();
        return new ModelFinding(
            facts.Model,
            Echo(name, facts, [.. rows.Where(row => row.Probe == "echo")]),
            Completion(
                [.. seen.Completions.Where(row => row.File == file.Index).Select(row => row.Row)],
                [.. rows.Where(row => row.Probe == "completion")]
            ),
            Places(file.Index, seen),
            Published(facts, rows),
            Quantization(own),
            [.. ArithmeticWords.OfLadders(own)]
        );
    }

    private static string Echo(string name, ModelFacts facts, List<SummaryRow> rows)
    {
        var sets = rows.Where(row => row.Measured > 0)
            .GroupBy(row => row.Set)
            .Select(set =>
                string.Join(
                    ", ",
                    set.Select(
                        (row, index) =>
                            $"{row.Hits:N0} of {row.Measured:N0}"
                            + (index == 0 ? What(row) : "")
                            + $" {PageText.Condition(row.Arm)}"
                            + Interval(row)
                    )
                )
            )
            .ToList();
        var constructed = facts.Constructed ? " (constructed, not trained)" : "";
        var bos = facts.BosKind switch
        {
            BosKind.None => "; the file declares no BOS",
            BosKind.Declared => "; its BOS is declared, but its tokenizer never adds it",
            _ => "",
        };
        return sets.Count == 0
            ? $"{name}{constructed}: no word was measured{bos}."
            : $"{name}{constructed} echoes {string.Join("; ", sets)}{bos}.";
    }

    private static string What(SummaryRow row) =>
        (row.Set == PublishedWords.Name ? " published words" : $" tokens of {row.Set}")
        + (row.Measured < row.Items ? $" ({row.Items - row.Measured:N0} more not measured)" : "");

    // Of the published words no interval: they were chosen, not drawn.
    private static string Interval(SummaryRow row) =>
        row is { RateLow: { } low, RateHigh: { } high } && row.Set != PublishedWords.Name
            ? $" ({row.Rate:P1}, 95 % interval {low:P1} to {high:P1})"
            : "";

    private static string? Completion(List<CompletionRow> quoted, List<SummaryRow> rows)
    {
        List<string> parts = [];
        var first = quoted
            .Where(row => row is { Next: not null, Prompt: not null } && IsNamed(row.Arm))
            .ToList();
        if (first.Count > 0)
        {
            var same = first.Where(row => row.Prompt == first[0].Prompt).ToList();
            var next = same.DistinctBy(row => row.Arm)
                .Select(row => $"{PageText.Condition(row.Arm)} with {Piece(row.Next!.Bytes)}");
            parts.Add(
                $"{Piece(Encoding.UTF8.GetBytes(first[0].Prompt!))} goes on {string.Join(", ", next)}"
            );
        }
        // One prompt is quoted; rates are of sets.
        parts.AddRange(
            rows.Where(row => row.Measured > 1)
                .GroupBy(row => row.Set)
                .Select(set =>
                    $"the expected token comes first in {string.Join(", ", set.Select(row => $"{row.Hits:N0} of {row.Measured:N0} {PageText.Condition(row.Arm)}"))} ({set.Key})"
                )
        );
        return parts.Count == 0 ? null : string.Join("; ", parts) + ".";
    }

    // In the arm that the finding is about.
    private static string? Places(int file, ReportRows seen)
    {
        var (key, margins) = seen.Margins.FirstOrDefault(group =>
            group.Key.File == file && group.Key.Set == AllSet.SetName
        );
        if (margins is null)
        {
            return null;
        }
        var kinds = margins.Kinds.Select(kind =>
            $"{kind.Kind} {kind.Tally.Rate:P1} of {kind.Tally.Items:N0}"
        );
        var tenths = margins.Tenths.Select(tenth =>
            tenth.Items > 0 ? PageText.Of(100 * tenth.Rate, "0") : "–"
        );
        return $"By kind of token, {PageText.Condition(key.Arm)}: {string.Join(", ", kinds)}; by tenth of the vocabulary, low ids first: {string.Join(", ", tenths)} %.";
    }

    private static string? Published(ModelFacts facts, IReadOnlyList<SummaryRow> rows)
    {
        var compared = rows.Where(row => row.PublishedItems > 0).ToList();
        return compared.Count == 0
            ? null
            : $"{compared.Sum(row => row.PublishedMatches)} of {compared.Sum(row => row.PublishedItems)} cells agree with the published table's {facts.PublishedColumn}.";
    }

    private static string? Quantization(List<CompareRow> contrasts)
    {
        // The largest set speaks, in the arm that the finding is about.
        var ladder = contrasts
            .Where(row => row is { Contrast: ContrastKind.Quant, Probe: "echo", Items: > 1 })
            .GroupBy(row => (row.A, row.Set, row.BArm))
            .OrderByDescending(set => set.Key.BArm == Arm.Without.Name)
            .ThenByDescending(set => set.Max(row => row.Items))
            .FirstOrDefault()
            ?.OrderByDescending(row => row.B.Facts.BitsPerWeight)
            .ToList();
        if (ladder is null)
        {
            return null;
        }
        // Of those that change as much the one with the fewest bits.
        var last = Enumerable.Reverse(ladder).MinBy(row => row.Top1Agreement ?? 1)!;
        var most = ladder.Count > 1 ? ", which changes most," : "";
        var changed = ladder.FirstOrDefault(row => row.McNemarPHolm < ArithmeticWords.Significance);
        var significant =
            changed is not null
                ? $"; more than chance first in {changed.B.Facts.Label} ({changed.Lost} lost, {changed.Gained} gained, {PageText.P(changed.McNemarPHolm)})"
            : ladder.Exists(row => row.McNemarPHolm is not null)
                ? "; in no file more than chance (McNemar, Holm)"
            : "";
        var rates =
            last.ARate == last.BRate
                ? $"stays at {last.ARate:P1}"
                : $"goes from {last.ARate:P1} to {last.BRate:P1}";
        return $"From {last.A.Facts.Label} to {last.B.Facts.Label}{most} the echo of {last.Set} {PageText.Condition(last.BArm)} {rates}, the most likely token stays in {last.Top1Agreement:P1}{significant}.";
    }

    private static bool IsNamed(string arm) => arm == Arm.Without.Name || arm == Arm.With.Name;

    private static string Piece(byte[] bytes) => PageText.Piece(bytes, 80);
}
