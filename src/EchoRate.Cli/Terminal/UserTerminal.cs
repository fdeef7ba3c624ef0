using Spectre.Console;

namespace EchoRate.Cli.Terminal;

/// <summary>The edges to the person: data to <see cref="Out"/>, words and progress to <see cref="Error"/>.</summary>
internal sealed record UserTerminal
{
    /// <summary>Tables and data.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Words, progress, errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens what is piped in, as bytes.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether progress may move on <see cref="Error"/>.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>Whether <see cref="Out"/> may be coloured; never where <c>NO_COLOR</c> is set.</summary>
    public required bool UseColour { get; init; }

    /// <summary>Columns that tables may take.</summary>
    public required int Width { get; init; }

    /// <summary>The folder that relative paths and <c>runs/</c> start from.</summary>
    public required string WorkingFolder { get; init; }

    /// <summary>Tables on a pipe are this wide: a README's and a mail's width.</summary>
    private const int PipeWidth = 120;

    /// <summary>This process's terminal.</summary>
    public static UserTerminal OfThisProcess()
    {
        var noColour = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new UserTerminal
        {
            Out = Console.Out,
            Error = Console.Error,
            OpenInput = Console.OpenStandardInput,
            IsInteractive = !Console.IsErrorRedirected,
            UseColour = !Console.IsOutputRedirected && !noColour,
            Width = Console.IsOutputRedirected ? PipeWidth : Math.Max(60, Console.WindowWidth),
            WorkingFolder = Environment.CurrentDirectory,
        };
    }

    /// <summary>A Spectre console on <see cref="Error"/> that knows whether it may move and colour.</summary>
    public IAnsiConsole ErrorConsole() =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
                ColorSystem = UseColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(Error),
            }
        );
}
