using System.Globalization;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Tables;

/// <summary>How much of what a run says is the weights', and how much the rounding of the engine: a sentence for each file and each ladder.</summary>
public static class ArithmeticWords
{
    /// <summary>Below this p a difference is more than chance.</summary>
    internal const double Significance = 0.05;

    /// <summary>What the other arithmetic says to each file's answers; nothing for a file that was not checked.</summary>
    public static IEnumerable<string> OfFiles(RunSummary summary)
    {
        foreach (var (name, (file, rows)) in summary.Labels.Zip(summary.Files))
        {
            var samples = rows.Select(row => row.Checked).OfType<CheckedRows>().ToList();
            if (samples.Count == 0)
            {
                continue;
            }
            var (changed, all) = (samples.Sum(s => s.Top1Changed), samples.Sum(s => s.Rows));
            yield return file.Arithmetic == Arithmetic.Exact
                ? Format(
                    $"{name} answers so by its weights (exact); llama.cpp's arithmetic on this machine changes {changed} of {all} of these answers"
                )
                : Format(
                    $"{name} answers so in llama.cpp's arithmetic on {file.Device} (library); exact arithmetic, what its weights say, changes {changed} of {all} of these answers"
                );
        }
    }

    /// <summary>From which file of each ladder on the weights change more answers than the arithmetic does.</summary>
    /// <param name="contrasts">The run's contrasts, each ladder's from many bits to few.</param>
    public static IEnumerable<string> OfLadders(IEnumerable<CompareRow> contrasts)
    {
        // Where rows are not independent (one word behind several tokens), nothing is tested.
        var tested = contrasts.Where(row =>
            row
                is {
                    Contrast: ContrastKind.Quant,
                    Probe: "echo",
                    WeightsAlone: not null,
                    McNemarPHolm: not null
                }
        );
        foreach (var ladder in tested.GroupBy(row => (row.A, row.BArm)))
        {
            // The largest set speaks.
            var steps = ladder
                .GroupBy(row => row.Set)
                .MaxBy(set => set.Sum(row => row.Items))!
                .OrderByDescending(row => row.B.Facts.BitsPerWeight)
                .ToList();
            if (steps.TrueForAll(row => row is { WeightsAlone: 0, ArithmeticAlone: 0 }))
            {
                continue;
            }
            var from = steps.FindLastIndex(row => !IsWeights(row)) + 1;
            var place =
                $"{ladder.Key.A.Facts.Model}, {PageText.Condition(ladder.Key.BArm)}, {steps[0].Set}";
            yield return from < steps.Count
                ? $"{place}: from {steps[from].B.Facts.Label} on the weights change more answers than llama.cpp's arithmetic does ({Test(steps[from])})."
                : $"{place}: down to {steps[^1].B.Facts.Label} the weights are not shown to change more answers than llama.cpp's arithmetic does ({Test(steps[^1])}).";
        }
    }

    private static bool IsWeights(CompareRow row) =>
        row.WeightsAlone > row.ArithmeticAlone && P(row) < Significance;

    private static double P(CompareRow row) =>
        McNemar.PValue(row.ArithmeticAlone!.Value, row.WeightsAlone!.Value);

    private static string Test(CompareRow row) =>
        Format(
            $"{row.WeightsAlone} against {row.ArithmeticAlone}, McNemar's exact {PageText.P(P(row))}"
        );

    private static string Format(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
