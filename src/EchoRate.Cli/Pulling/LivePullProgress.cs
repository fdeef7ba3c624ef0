using EchoRate.Cli.Terminal;
using EchoRate.Hub.Pulling;
using Spectre.Console;

namespace EchoRate.Cli.Pulling;

/// <summary>Progress on a terminal: a bar for each file, with rate and remaining time.</summary>
internal sealed class LivePullProgress(ProgressContext context, IAnsiConsole console)
    : IPullProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<WantedFile, ProgressTask> _tasks = [];

    /// <summary>Does something with a progress display that suits the terminal.</summary>
    public static async Task<T> ShowAsync<T>(
        UserTerminal terminal,
        TimeProvider clock,
        Func<IPullProgress, Task<T>> action
    )
    {
        if (!terminal.IsInteractive)
        {
            return await action(new PlainPullProgress(terminal.Error, clock));
        }
        var console = terminal.ErrorConsole();
        return await console
            .Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new DownloadedColumn(),
                new TransferSpeedColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(progress => action(new LivePullProgress(progress, console)));
    }

    public void Planned(int files, long bytes)
    {
        if (PullWords.Plan(files, bytes) is { } line)
        {
            Note(line);
        }
    }

    public void Begin(WantedFile file, long bytes, bool fetching)
    {
        lock (_lock)
        {
            if (_tasks.Remove(file, out var before))
            {
                before.StopTask();
            }
            _tasks[file] = context.AddTask(
                Markup.Escape(fetching ? file.Name : file.Name + " (verifying)"),
                maxValue: Math.Max(1, bytes)
            );
        }
    }

    public void Arrived(WantedFile file, long bytes)
    {
        lock (_lock)
        {
            _tasks[file].Value = bytes;
        }
    }

    public void Note(string line) => console.WriteLine(line);

    public void End(PullResult result)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(result.Wanted, out var task))
            {
                Note(PullWords.End(result, 0, TimeSpan.Zero));
                return;
            }
            if (result.Outcome == PullOutcome.Failed)
            {
                task.Description = Markup.Escape(result.Wanted.Name + " (failed)");
            }
            else
            {
                task.Value = task.MaxValue;
            }
            task.StopTask();
        }
    }
}
