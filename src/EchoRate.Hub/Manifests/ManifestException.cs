using System.Globalization;
using EchoRate.Hub.Reading;

namespace EchoRate.Hub.Manifests;

/// <summary>A manifest that cannot be read; the message is one line with the first problem's place.</summary>
public sealed class ManifestException : Exception
{
    internal ManifestException(string path, IReadOnlyList<ManifestProblem> problems)
        : base(OneLine(path, problems))
    {
        Path = path;
        Problems = problems;
    }

    internal ManifestException(string path, ManifestProblem problem)
        : this(path, [problem]) { }

    /// <summary>The manifest's path as it was given.</summary>
    public string Path { get; }

    /// <summary>Everything that is wrong, at least one problem, in the file's order.</summary>
    public IReadOnlyList<ManifestProblem> Problems { get; }

    /// <summary>Line of the first problem, from 1; 0 when it has no place in the text.</summary>
    public int Line => Problems[0].Line;

    /// <summary>Column of the first problem, from 1; 0 when it has no place in the text.</summary>
    public int Column => Problems[0].Column;

    private static string OneLine(string path, IReadOnlyList<ManifestProblem> problems)
    {
        string more =
            problems.Count == 1
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" (and {problems.Count - 1} more)");
        return $"{Wording.Plain(path)}:{problems[0]}{more}";
    }
}
