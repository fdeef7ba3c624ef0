using System.Runtime.InteropServices;
using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>One arm × probe × set of one file while its rows come by.</summary>
internal sealed class SummaryGroup(string probe, string? set, string arm)
{
    private readonly int[] byStatus = new int[Enum.GetValues<RowStatus>().Length];
    private readonly List<int> ranks = [];
    private readonly List<string> flags = [];
    private readonly HashSet<int> prefixes = [];
    private Mean logProb;
    private Mean margin;
    private Mean entropy;
    private int items;
    private int outsideRate;
    private int measured;
    private int hits;
    private int nearTies;
    private int publishedItems;
    private int publishedMatches;
    private string? firstReason;

    public void Add(MeasuredRow row)
    {
        byStatus[(int)row.Status]++;
        firstReason ??= row.Reason;
        foreach (var flag in row.Flags)
        {
            if (!flags.Contains(flag))
            {
                flags.Add(flag);
            }
        }
        if (row.Prefix is { } prefix)
        {
            prefixes.Add(prefix.Id);
        }
        switch (row)
        {
            // The one row that a file leaves which never started stands for no item.
            case EchoRow { Item: not null } echo:
                items++;
                Measure(row, echo.Echo, echo.TokenRank, echo.TokenLogProb, echo.EchoMargin);
                break;
            case CompletionRow { PromptId: not null } completion:
                items++;
                Measure(
                    row,
                    completion.Hit,
                    completion.ExpectedRank,
                    completion.ExpectedLogProb,
                    completion.ExpectedMargin
                );
                break;
        }
    }

    private void Measure(
        MeasuredRow row,
        bool? hit,
        int? rank,
        double? rowLogProb,
        double? rowMargin
    )
    {
        // A published cell is met or missed by any row with a top-1, a prompt without a single expected token included.
        publishedItems += row.PublishedMatch is null ? 0 : 1;
        publishedMatches += row.PublishedMatch == true ? 1 : 0;
        if (row.Status != RowStatus.Ok)
        {
            return;
        }
        if (hit is null)
        {
            outsideRate++;
            return;
        }
        measured++;
        hits += hit.Value ? 1 : 0;
        nearTies += row.NearTie == true ? 1 : 0;
        logProb.Add(rowLogProb);
        margin.Add(rowMargin);
        entropy.Add(row.Entropy);
        if (rank is { } value)
        {
            ranks.Add(value);
        }
    }

    public SummaryRow Build(FileRecord file)
    {
        // `all` is the whole population, nothing is inferred; and an item behind several prefixes is not several independent items.
        var interval = set == "all" || prefixes.Count > 1 ? null : Wilson.Interval(hits, measured);
        var compared = file.Facts.PublishedColumn is not null && arm == "without";
        return new SummaryRow
        {
            File = file,
            Arm = arm,
            Probe = probe,
            Set = set,
            Items = items,
            Measured = measured,
            Hits = hits,
            Rate = measured == 0 ? null : (double)hits / measured,
            RateLow = interval?.Low,
            RateHigh = interval?.High,
            NearTies = nearTies,
            MedianRank = MedianRank(),
            MeanLogProb = logProb.Value,
            MeanMargin = margin.Value,
            MeanEntropy = entropy.Value,
            PublishedItems = compared ? publishedItems : null,
            PublishedMatches = compared ? publishedMatches : null,
            Status = Status(),
            Flags = [.. flags],
            Reason = Reason(),
        };
    }

    private double? MedianRank()
    {
        if (ranks.Count == 0)
        {
            return null;
        }
        var sorted = CollectionsMarshal.AsSpan(ranks);
        sorted.Sort();
        var upper = sorted.Length / 2;
        return sorted.Length % 2 == 1
            ? sorted[upper]
            : ((double)sorted[upper - 1] + sorted[upper]) / 2;
    }

    // The statuses are declared from harmless to grave: where no row is ok, the gravest speaks for the group.
    private RowStatus Status()
    {
        var gravest = Array.FindLastIndex(byStatus, count => count > 0);
        return byStatus[(int)RowStatus.Ok] > 0 || gravest < 0 ? RowStatus.Ok : (RowStatus)gravest;
    }

    private string? Reason()
    {
        var total = byStatus.Sum();
        if (total == 1)
        {
            return firstReason;
        }
        List<string> parts = [];
        for (var status = RowStatus.NoBos; (int)status < byStatus.Length; status++)
        {
            if (byStatus[(int)status] is > 0 and var count)
            {
                parts.Add($"{count} {Words(status)}");
            }
        }
        if (outsideRate > 0)
        {
            parts.Add($"{outsideRate} outside the rate (no single expected token)");
        }
        if (prefixes.Count > 1)
        {
            parts.Add($"{prefixes.Count} prefixes, so no interval");
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
        private double sum;
        private int count;

        public readonly double? Value => count == 0 ? null : sum / count;

        public void Add(double? value)
        {
            if (value is { } number)
            {
                sum += number;
                count++;
            }
        }
    }
}
