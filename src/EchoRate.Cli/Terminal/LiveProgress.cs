using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Runs.Executing;
using Spectre.Console;

namespace EchoRate.Cli.Terminal;

/// <summary>Progress on a terminal: a bar for each model file.</summary>
internal sealed class LiveProgress(ProgressContext context, IAnsiConsole console) : IRunProgress
{
    private ProgressTask? _task;
    private RunTarget? _target;
    private long _rows;

    /// <summary>Runs something with a progress display that suits the terminal.</summary>
    public static T Show<T>(UserTerminal terminal, TimeProvider clock, Func<IRunProgress, T> run)
    {
        if (!terminal.IsInteractive)
        {
            return run(new PlainProgress(terminal.Error, clock));
        }
        var console = terminal.ErrorConsole();
        return AnsiProgress(console).Start(context => run(new LiveProgress(context, console)));
    }

    public void Begin(ModelFacts facts, RunTarget? target, int index, int count, long rows)
    {
        (_target, _rows) = (target, 0);
        _task = context.AddTask(
            Marked($"[{index}/{count}] {PlainProgress.NameOf(facts, target)}"),
            maxValue: Math.Max(1, rows)
        );
    }

    // Above the bars, where it stays.
    public void Say(string line) => console.WriteLine(TerminalText.Escaped(line));

    public void Rows(FileProgress progress)
    {
        _rows = progress.Rows;
        _task!.MaxValue = Math.Max(1, progress.AllRows ?? _task.MaxValue);
        _task.Value = progress.Rows;
    }

    public void End(FileRecord file)
    {
        _task!.Description = Marked(PlainProgress.Describe(file, _target, _rows));
        _task.Value = _task.MaxValue;
        _task.StopTask();
    }

    /// <summary>Text from outside for a display that moves: neither Spectre's markup nor the terminal's.</summary>
    public static string Marked(string text) => Markup.Escape(TerminalText.Escaped(text));

    private static Progress AnsiProgress(IAnsiConsole console) =>
        console
            .Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new ElapsedTimeColumn(),
                new RemainingTimeColumn()
            );
}
