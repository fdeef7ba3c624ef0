using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>Ranks the prefixes of one file and set by what they do to the echo, its rows counted as they come by.</summary>
public sealed class PrefixSummary(FileRecord file)
{
    private readonly List<Count> _prefixes = [];

    /// <summary>Counts a row; the rows of a prefix come one after another.</summary>
    public void Add(PrefixRow row)
    {
        if (_prefixes is not [.., var last] || !last.IsOf(row))
        {
            _prefixes.Add(last = new Count(row));
        }
        last.Add(row);
    }

    /// <summary>A row for each prefix: the strongest enders first, those that leave the echo last, by rate and then by median margin.</summary>
    public IReadOnlyList<PrefixSummaryRow> Rows() =>
        [
            .. _prefixes
                .Select(prefix => prefix.Row(file))
                .OrderBy(row => row.Rate is null)
                .ThenBy(row => row.Rate)
                .ThenBy(row => row.MedianMargin)
                .Select((row, index) => row with { Rank = row.Rate is null ? null : index + 1 }),
        ];

    private sealed class Count(PrefixRow first)
    {
        private readonly List<double> _margins = [];
        private int _items;
        private int _echoes;

        public bool IsOf(PrefixRow row) =>
            (row.ItemSet, row.PrefixKind, row.Prefix)
            == (first.ItemSet, first.PrefixKind, first.Prefix);

        public void Add(PrefixRow row)
        {
            _items++;
            if (row is { Echo: { } echo, EchoMargin: { } margin })
            {
                _echoes += echo ? 1 : 0;
                _margins.Add(margin);
            }
        }

        public PrefixSummaryRow Row(FileRecord file) =>
            new()
            {
                File = file,
                Arm = first.Arm,
                Prefix = first.Prefix,
                Kind = first.PrefixKind,
                Set = first.ItemSet,
                Items = _items,
                Measured = _margins.Count,
                Echoes = _echoes,
                MedianMargin = Quantiles.Median(_margins),
                Status = _margins.Count > 0 ? RowStatus.Ok : first.Status,
                Reason = _margins.Count > 0 ? null : first.Reason,
            };
    }
}
