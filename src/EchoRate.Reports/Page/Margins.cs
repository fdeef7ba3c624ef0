namespace EchoRate.Reports.Page;

/// <summary>Margins of one file, set and arm, counted in bins, and echoes by tenth of the vocabulary.</summary>
internal sealed class Margins
{
    /// <summary>Width of a bin, in nats.</summary>
    public const double Width = 0.25;

    // What lies beyond counts in the outermost bins.
    private const double Farthest = 40;

    private readonly long[] _bins = new long[(int)(2 * Farthest / Width)];
    private readonly (long Items, long Echoes, double Margin)[] _tenths = new (long, long, double)[
        10
    ];

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>Tenths of the vocabulary, low ids first: items, echoes, mean margin; all 0 where places are not known.</summary>
    public IReadOnlyList<(long Items, long Echoes, double MeanMargin)> Tenths =>
        [
            .. _tenths.Select(tenth =>
                (tenth.Items, tenth.Echoes, tenth.Items == 0 ? 0 : tenth.Margin / tenth.Items)
            ),
        ];

    public void Add(double margin, bool isEcho, double? quantile)
    {
        Count++;
        var bin = (int)Math.Floor((margin + Farthest) / Width);
        _bins[Math.Clamp(bin, 0, _bins.Length - 1)]++;
        if (quantile is { } place)
        {
            ref var tenth = ref _tenths[Math.Clamp((int)(place * 10), 0, 9)];
            tenth = (tenth.Items + 1, tenth.Echoes + (isEcho ? 1 : 0), tenth.Margin + margin);
        }
    }

    /// <summary>The middle of the bin that a quantile lies in.</summary>
    public double Quantile(double part)
    {
        var left = Math.Max(1, (long)Math.Ceiling(part * Count));
        var bin = 0;
        for (; bin < _bins.Length - 1 && left > _bins[bin]; bin++)
        {
            left -= _bins[bin];
        }
        return ((bin + 0.5) * Width) - Farthest;
    }

    /// <summary>Part of the margins from one value, a multiple of the width, up to another.</summary>
    public double Between(double from, double to) =>
        Count == 0
            ? 0
            : (double)
                _bins[
                    (int)((from + Farthest) / Width)..(int)(
                        (Math.Min(to, Farthest) + Farthest) / Width
                    )
                ]
                    .Sum() / Count;
}
