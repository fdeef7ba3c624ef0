using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Text;
using EchoRate.Reports.Screen;
using Spectre.Console;

namespace EchoRate.Cli.Terminal;

/// <summary>The edges to the person: what was typed; data to <see cref="Out"/>, words and progress to <see cref="Error"/>.</summary>
internal sealed record UserTerminal
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Tables and other text for people; control characters are escaped.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>JSON and paths, which programs read: as they are, but on a terminal like <see cref="Out"/>.</summary>
    public required TextWriter Data { get; init; }

    /// <summary>Words, progress, errors; control characters are escaped. Never essential: what cannot be written is dropped.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>stderr for what moves the cursor itself: whoever writes here escapes what came from outside.</summary>
    private TextWriter MovingError { get; init; } = TextWriter.Null;

    /// <summary>Opens what is piped in, as bytes.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether progress may move on <see cref="Error"/>.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>Whether <see cref="Out"/> may be coloured; never where <c>NO_COLOR</c> is set.</summary>
    public required bool UseColour { get; init; }

    /// <summary>Columns that tables may take.</summary>
    public required int Width { get; init; }

    /// <summary>The folder that relative paths and <c>runs/</c> start from.</summary>
    /// <exception cref="DirectoryNotFoundException">It was removed under its shell.</exception>
    [NotNull]
    public required string? WorkingFolder
    {
        get =>
            field
            ?? throw new DirectoryNotFoundException(
                "the working folder is no longer there; change to one that is"
            );
        init;
    }

    /// <summary>The command line, as run.json keeps it.</summary>
    public string[] Words { get; init; } = [];

    /// <summary>Stops on request.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Tables on a pipe are this wide: a README's and a mail's width.</summary>
    private const int PipeWidth = 120;

    /// <summary>How tables are laid out on <see cref="Out"/>.</summary>
    public TableStyle Style => new() { Width = Width, Colour = UseColour };

    /// <summary>Answers a program with JSON (names in snake_case, null for what is absent), or a person with text, each line ending in a line feed.</summary>
    public Task AnswerAsync(bool json, Func<object> data, Func<string> text) =>
        json
            ? Data.WriteAsync(JsonSerializer.Serialize(data(), _readable) + "\n")
            : Out.WriteAsync(text());

    public static UserTerminal OfThisProcess()
    {
        var noColour = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var output = StandardStreams.IsOpen(1) ? Console.Out : null;
        var error = StandardStreams.IsOpen(2) ? Console.Error : null;
        var isColoured = !Console.IsOutputRedirected && !noColour;
        var tables = Door(
            output,
            isEssential: true,
            isColoured ? TerminalText.EscapedButColours : text => TerminalText.Escaped(text)
        );
        return new UserTerminal
        {
            Out = tables,
            Data = Console.IsOutputRedirected
                ? Door(output, isEssential: true, text => text)
                : tables,
            Error = Door(error, isEssential: false, text => TerminalText.Escaped(text)),
            MovingError = Door(error, isEssential: false, text => text),
            OpenInput = StandardStreams.IsOpen(0) ? Console.OpenStandardInput : () => Stream.Null,
            IsInteractive = !Console.IsErrorRedirected,
            UseColour = isColoured,
            Width = Console.IsOutputRedirected ? PipeWidth : Math.Max(60, Console.WindowWidth),
            WorkingFolder = CurrentFolder(),
        };
    }

    /// <summary>The working folder; null where it was removed under its shell. What is asked for may need none.</summary>
    public static string? CurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // A line at a time, whoever writes.
    private static TextWriter Door(
        TextWriter? stream,
        bool isEssential,
        Func<string, string> passed
    ) => TextWriter.Synchronized(new TerminalWriter(stream, isEssential, passed));

    /// <summary>A Spectre console on stderr that knows whether it may move and colour.</summary>
    public IAnsiConsole ErrorConsole() =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = IsInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                Interactive = IsInteractive ? InteractionSupport.Detect : InteractionSupport.No,
                ColorSystem = UseColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(MovingError),
            }
        );
}
