namespace EchoRate.Benchmarks.Reporting;

/// <summary>
/// How busy the rest of the machine was meanwhile: the processors' busy time in <c>/proc/stat</c> (proc(5): user, nice, system, idle,
/// iowait, irq, softirq, steal, in ticks) less this process's own. Linux only.
/// </summary>
internal sealed class OtherWork
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly (long Busy, long All)? _ticks = ReadTicks();
    private readonly TimeSpan _own = Own();

    private OtherWork() { }

    /// <summary>Looks from now on.</summary>
    public static OtherWork Watch() => new();

    /// <summary>What was seen, in a sentence.</summary>
    public string Describe()
    {
        if (_ticks is not { } start || ReadTicks() is not { } end || end.All == start.All)
        {
            return "Whether other work ran beside it is not known.";
        }
        var cores = Environment.ProcessorCount;
        var busy = (double)cores * (end.Busy - start.Busy) / (end.All - start.All);
        var others = Math.Max(0, busy - ((Own() - _own) / _clock.Elapsed));
        var share = others.ToString("F1", CultureInfo.InvariantCulture);
        return others < 0.1
            ? "The machine was otherwise idle."
            : $"Other work ran beside it and kept {share} of the {cores} processors busy: the ratios hold better than the rates.";
    }

    private static TimeSpan Own()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static (long Busy, long All)? ReadTicks()
    {
        const string file = "/proc/stat";
        if (!File.Exists(file))
        {
            return null;
        }
        var fields = File.ReadLines(file)
            .First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1)
            .Take(8)
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture))
            .ToArray();
        var all = fields.Sum();
        return (all - fields[3] - fields[4], all);
    }
}
