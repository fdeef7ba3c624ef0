using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Hub.Pulling;
using Spectre.Console;

namespace EchoRate.Cli.Pulling;

/// <summary>
/// How a pull is told: on a terminal a bar for each file, with rate and remaining time; on a pipe a line when a file is done, and one every half
/// minute of a long one.
/// </summary>
internal sealed class PullProgress(Action<string> say, TimeProvider clock, ProgressContext? bars)
    : IPullProgress
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<WantedFile, State> _files = [];

    public void Planned(int files, long bytes)
    {
        if (files > 0)
        {
            Note($"{QuantizeWords.Count(files, "file")} to fetch, {QuantizeWords.Size(bytes)}");
        }
    }

    public void Begin(WantedFile file, long bytes, bool fetching, long here = 0)
    {
        lock (_lock)
        {
            _files.GetValueOrDefault(file)?.Bar?.StopTask();
            var name = ProgressBars.Marked(fetching ? file.Name : file.Name + " (verifying)");
            var bar = bars?.AddTask(name, maxValue: Math.Max(1, bytes));
            _files[file] = new State(bytes, here, clock.GetTimestamp(), bar);
        }
    }

    public void Arrived(WantedFile file, long bytes)
    {
        lock (_lock)
        {
            var state = _files[file];
            state.Last = bytes;
            state.Bar?.Value = bytes;
            if (state.Bar is null && clock.GetElapsedTime(state.Said) >= _pause)
            {
                state.Said = clock.GetTimestamp();
                say(HowFar(file, state, clock.GetElapsedTime(state.Begun)));
            }
        }
    }

    public void Note(string line)
    {
        lock (_lock)
        {
            say(line);
        }
    }

    public void End(PullResult result)
    {
        lock (_lock)
        {
            var state = _files.GetValueOrDefault(result.Wanted);
            if (state?.Bar is not { } bar)
            {
                say(HowItWent(result, state));
                return;
            }
            if (result.Outcome == PullOutcome.Failed)
            {
                bar.Description = ProgressBars.Marked(result.Wanted.Name + " (failed)");
            }
            else
            {
                bar.Value = bar.MaxValue;
            }
            bar.StopTask();
        }
    }

    private string HowItWent(PullResult result, State? state)
    {
        var bytes = state?.Last ?? 0;
        var rate = state is null ? "" : Rate(state.Since, clock.GetElapsedTime(state.Begun));
        var words = result.Outcome switch
        {
            PullOutcome.Here => "here, verified before",
            PullOutcome.Verified => $"here, verified, {QuantizeWords.Size(bytes)}{rate}",
            PullOutcome.Fetched => $"fetched and verified, {QuantizeWords.Size(bytes)}{rate}",
            _ => "failed",
        };
        return $"{result.Wanted.Name}: {words}";
    }

    private static string HowFar(WantedFile file, State state, TimeSpan time)
    {
        var since = state.Since;
        var percent = 100.0 * state.Last / Math.Max(1, state.Bytes);
        var left =
            since > 0
                ? TimeSpan.FromSeconds(
                    Math.Min((state.Bytes - state.Last) * time.TotalSeconds / since, 8e6)
                )
                : (TimeSpan?)null;
        return FormattableString.Invariant(
                $"{file.Name}: {percent:F0} % of {QuantizeWords.Size(state.Bytes)}{Rate(since, time)}"
            )
            + (
                left is { } span
                    ? FormattableString.Invariant($", {(int)span.TotalHours}:{span:mm\\:ss} left")
                    : ""
            );
    }

    private static string Rate(long bytes, TimeSpan time) =>
        bytes <= 0 || time.TotalSeconds < 0.01
            ? ""
            : FormattableString.Invariant($", {bytes / 1e6 / time.TotalSeconds:F1} MB/s");

    private sealed class State(long bytes, long here, long begun, ProgressTask? bar)
    {
        public long Bytes => bytes;

        /// <summary>What arrived: what lay here from before is no part of the rate.</summary>
        public long Since => Last - here;
        public long Begun { get; } = begun;
        public ProgressTask? Bar => bar;
        public long Said { get; set; } = begun;
        public long Last { get; set; }
    }
}
