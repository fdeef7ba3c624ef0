using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>One arm × probe × set of one file while its rows come by.</summary>
internal sealed class SummaryGroup(string probe, string? set, string arm)
{
    private readonly int[] _byStatus = new int[Enum.GetValues<RowStatus>().Length];
    private readonly List<int> _ranks = [];
    private readonly List<string> _flags = [];
    private readonly HashSet<int> _prefixes = [];
    private Mean _logProb;
    private Mean _margin;
    private Mean _entropy;
    private int _items;
    private int _outsideRate;
    private int _measured;
    private int _hits;
    private int _nearTies;
    private int _publishedItems;
    private int _publishedMatches;
    private string? _firstReason;

    public void Add(MeasuredRow row)
    {
        _byStatus[(int)row.Status]++;
        _firstReason ??= row.Reason;
        foreach (var flag in row.Flags)
        {
            if (!_flags.Contains(flag))
            {
                _flags.Add(flag);
            }
        }
        if (row.Prefix is { } prefix)
        {
            _prefixes.Add(prefix.Id);
        }
        // The one row that a file leaves which never started stands for no item.
        var isItem = row is EchoRow { Item: not null } or CompletionRow { PromptId: not null };
        _items += isItem ? 1 : 0;
        // A published cell is met or missed by any row with a top-1, a prompt without a single expected token included.
        _publishedItems += row.PublishedMatch is null ? 0 : 1;
        _publishedMatches += row.PublishedMatch == true ? 1 : 0;
        if (!isItem || row.Status != RowStatus.Ok)
        {
            return;
        }
        if (row.Outcome is not { } hit)
        {
            _outsideRate++;
            return;
        }
        _measured++;
        _hits += hit ? 1 : 0;
        _nearTies += row.NearTie == true ? 1 : 0;
        _logProb.Add(row.ScoredLogProb);
        _margin.Add(row.Margin);
        _entropy.Add(row.Entropy);
        if (row.Rank is { } rank)
        {
            _ranks.Add(rank);
        }
    }

    public SummaryRow Build(FileRecord file, ArithmeticCheck check)
    {
        // `all` is the whole population, nothing is inferred; and an item behind several prefixes is not several independent items.
        var interval =
            set == "all" || _prefixes.Count > 1 ? null : Wilson.Interval(_hits, _measured);
        var compared = file.Facts.PublishedColumn is not null && arm == "without";
        return new SummaryRow
        {
            File = file,
            Arm = arm,
            Probe = probe,
            Set = set,
            Items = _items,
            Measured = _measured,
            Hits = _hits,
            Rate = _measured == 0 ? null : (double)_hits / _measured,
            RateLow = interval?.Low,
            RateHigh = interval?.High,
            NearTies = _nearTies,
            Checked = check.Of(probe, set, arm),
            NearTieEpsilon = _measured == 0 ? null : check.EpsilonOf(probe, arm),
            MedianRank = Quantiles.Median(_ranks.Select(rank => (double)rank)),
            MeanLogProb = _logProb.Value,
            MeanMargin = _margin.Value,
            MeanEntropy = _entropy.Value,
            PublishedItems = compared ? _publishedItems : null,
            PublishedMatches = compared ? _publishedMatches : null,
            Status = Status(),
            Flags = [.. _flags],
            Reason = Reason(),
        };
    }

    // The statuses are declared from harmless to grave: where no row is ok, the gravest speaks for the group.
    private RowStatus Status()
    {
        var gravest = Array.FindLastIndex(_byStatus, count => count > 0);
        return _byStatus[(int)RowStatus.Ok] > 0 || gravest < 0 ? RowStatus.Ok : (RowStatus)gravest;
    }

    private string? Reason()
    {
        var total = _byStatus.Sum();
        if (total == 1)
        {
            return _firstReason;
        }
        List<string> parts = [];
        for (var status = RowStatus.NoBos; (int)status < _byStatus.Length; status++)
        {
            if (_byStatus[(int)status] is > 0 and var count)
            {
                parts.Add($"{count} {Words(status)}");
            }
        }
        if (_outsideRate > 0)
        {
            parts.Add($"{_outsideRate} outside the rate (no single expected token)");
        }
        if (_prefixes.Count > 1)
        {
            parts.Add($"{_prefixes.Count} prefixes, so no interval");
        }
        return parts.Count == 0 ? null : string.Join("; ", parts);
    }

    private static string Words(RowStatus status) =>
        status switch
        {
            RowStatus.NoBos => "without BOS to put in front",
            RowStatus.NotSingleToken => "not a single token",
            RowStatus.Nonfinite => "with NaN or infinity",
            RowStatus.NotHere => "not here",
            _ => "failed",
        };

    private struct Mean
    {
        private double _sum;
        private int _count;

        public readonly double? Value => _count == 0 ? null : _sum / _count;

        public void Add(double? value)
        {
            if (value is { } number)
            {
                _sum += number;
                _count++;
            }
        }
    }
}
