using EchoRate.Core.Results;
using EchoRate.Core.Statistics;

namespace EchoRate.Reports.Page;

/// <summary>How much of what a run says is the weights', and how much the rounding of the engine: a sentence for each ladder.</summary>
public static class ArithmeticWords
{
    /// <summary>Below this p a difference is more than chance.</summary>
    internal const double Significance = 0.05;

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
        $"{row.WeightsAlone} against {row.ArithmeticAlone}, McNemar's exact {PageText.P(P(row))}";
}
