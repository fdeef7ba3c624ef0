using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Reports.Page;

/// <summary>Margins of one file, set and arm, counted in bins, and echoes by tenth of the vocabulary and by kind of token.</summary>
internal sealed class Margins
{
    /// <summary>Width of a bin, in nats.</summary>
    public const double Width = 0.25;

    // What lies beyond counts in the outermost bins.
    private const double Farthest = 40;

    private readonly long[] _bins = new long[(int)(2 * Farthest / Width)];
    private readonly Tally[] _tenths = new Tally[10];
    private readonly Tally[] _kinds = new Tally[PieceKinds.All.Length];

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>Tenths of the vocabulary, low ids first; empty where places are not known.</summary>
    public IReadOnlyList<Tally> Tenths => _tenths;

    /// <summary>The kinds of <see cref="PieceKinds"/> that there are.</summary>
    public IEnumerable<(string Kind, Tally Tally)> Kinds =>
        PieceKinds.All.Zip(_kinds).Where(kind => kind.Second.Items > 0);

    /// <summary>Takes a row into account.</summary>
    public void Add(EchoRow row)
    {
        var margin = row.EchoMargin!.Value;
        Count++;
        var bin = (int)Math.Floor((margin + Farthest) / Width);
        _bins[Math.Clamp(bin, 0, _bins.Length - 1)]++;
        if (row.VocabularyQuantile is { } place)
        {
            _tenths[Math.Clamp((int)(place * 10), 0, 9)].Add(row);
        }
        if (row.Kind is { } kind)
        {
            _kinds[PieceKinds.All.IndexOf(kind)].Add(row);
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

/// <summary>Echoes among some tokens.</summary>
internal record struct Tally(long Items, long Echoes, double MarginSum)
{
    /// <summary>Echoes ÷ tokens; null where there are none.</summary>
    public readonly double? Rate => Items == 0 ? null : (double)Echoes / Items;

    /// <summary>In nats; null where there are none.</summary>
    public readonly double? MeanMargin => Items == 0 ? null : MarginSum / Items;

    public void Add(EchoRow row)
    {
        Items++;
        Echoes += row.Echo == true ? 1 : 0;
        MarginSum += row.EchoMargin!.Value;
    }
}
