namespace EchoRate.Cli.Tests.Program;

/// <summary>How the program ended.</summary>
/// <param name="ExitCode">What it answered.</param>
/// <param name="Out">What it wrote to stdout.</param>
/// <param name="Error">What it wrote to stderr.</param>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    /// <summary>The lines of stderr.</summary>
    public string[] ErrorLines => Lines(Error);

    /// <summary>The lines of stdout.</summary>
    public string[] OutLines => Lines(Out);

    private static string[] Lines(string text) =>
        text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}
