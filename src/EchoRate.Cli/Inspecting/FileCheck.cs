using System.Text;
using EchoRate.Gguf;

namespace EchoRate.Cli.Inspecting;

/// <summary>What <c>inspect --check</c> says: the checker alone, all problems at once. In JSON its members are in snake_case.</summary>
internal sealed record FileCheck
{
    /// <summary>The file, the first part of a split one.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a run would load it.</summary>
    public required bool Ok { get; init; }

    /// <summary>Everything found, errors first.</summary>
    public required IReadOnlyList<Finding> Problems { get; init; }

    /// <summary>Checks a file.</summary>
    public static FileCheck Of(string path)
    {
        var ok = GgufFile.TryRead(path, out _, out var problems);
        return new FileCheck
        {
            Path = path,
            Ok = ok,
            Problems =
            [
                .. problems
                    .OrderByDescending(problem => problem.Severity)
                    .Select(problem => new Finding(
                        problem.Severity == GgufSeverity.Error ? "error" : "warning",
                        problem.Code.ToString(),
                        problem.Message
                    )),
            ],
        };
    }

    /// <summary>A line for each problem, lines ending in a line feed.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        foreach (var problem in Problems)
        {
            text.Append(problem.Severity)
                .Append(' ')
                .Append(problem.Code)
                .Append(": ")
                .Append(TerminalText.Of(problem.Message))
                .Append('\n');
        }
        return text.Append(Ok ? "sound: " : "not to be loaded: ")
            .Append(TerminalText.Of(Path))
            .Append('\n')
            .ToString();
    }
}

/// <summary>One problem of a file.</summary>
/// <param name="Severity"><c>error</c> or <c>warning</c>.</param>
/// <param name="Code">What kind it is, for scripts.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Finding(string Severity, string Code, string Message);
