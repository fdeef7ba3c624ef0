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

    public void Begin(WantedFile file, long bytes, bool fetching)
    {
        lock (_lock)
        {
            _files.GetValueOrDefault(file)?.Bar?.StopTask();
            var name = ProgressBars.Marked(fetching ? file.Name : file.Name + " (verifying)");
            var bar = bars?.AddTask(name, maxValue: Math.Max(1, bytes));
            _files[file] = new State
            {
                Bytes = bytes,
                Bar = bar,
                Said = clock.GetTimestamp(),
            };
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
                say(
                    $"{file.Name}: {100 * bytes / Math.Max(1, state.Bytes)} % of {QuantizeWords.Size(state.Bytes)}"
                );
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
                say($"{result.Wanted.Name}: {HowItWent(result.Outcome, state?.Last ?? 0)}");
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

    private static string HowItWent(PullOutcome outcome, long bytes) =>
        outcome switch
        {
            PullOutcome.Here => "here, verified before",
            PullOutcome.Verified => $"here, verified, {QuantizeWords.Size(bytes)}",
            PullOutcome.Fetched => $"fetched and verified, {QuantizeWords.Size(bytes)}",
            _ => "failed",
        };

    private sealed class State
    {
        public required long Bytes { get; init; }
        public required ProgressTask? Bar { get; init; }
        public required long Said { get; set; }
        public long Last { get; set; }
    }
}
