using EchoRate.Core.Text;
using Spectre.Console;

namespace EchoRate.Cli.Terminal;

/// <summary>Bars on a terminal that can move them.</summary>
internal static class ProgressBars
{
    /// <summary>
    /// Does something with a progress display that suits the terminal. The action gets what says a line, above the bars where there are any, and
    /// the bars, or null where lines must do.
    /// </summary>
    public static Task<T> ShowAsync<T>(
        UserTerminal terminal,
        ProgressColumn[] columns,
        Func<Action<string>, ProgressContext?, Task<T>> action
    )
    {
        if (!terminal.IsInteractive)
        {
            return action(terminal.Error.WriteLine, null);
        }
        var console = terminal.ErrorConsole();
        var name = new TaskDescriptionColumn { Alignment = Justify.Left };
        return console
            .Progress()
            .AutoClear(false)
            .Columns([name, new ProgressBarColumn(), .. columns])
            .StartAsync(bars =>
                action(line => console.WriteLine(TerminalText.Escaped(line)), bars)
            );
    }

    /// <summary>Ends a bar, full.</summary>
    public static void End(this ProgressTask bar, string text)
    {
        bar.Description = Marked(text);
        bar.Value = bar.MaxValue;
        bar.StopTask();
    }

    /// <summary>Text from outside for a display that moves: neither Spectre's markup nor the terminal's.</summary>
    public static string Marked(string text) => Markup.Escape(TerminalText.Escaped(text));
}
