namespace EchoRate.Hub.Manifests;

/// <summary>A manifest that cannot be read; the message is one line with the first problem's place.</summary>
public sealed class ManifestException : Exception
{
    internal ManifestException(string path, IReadOnlyList<ManifestProblem> problems)
        : base(OneLine(path, problems)) => Problems = problems;

    /// <summary>Everything that is wrong, at least one problem, in the file's order.</summary>
    public IReadOnlyList<ManifestProblem> Problems { get; }

    private static string OneLine(string path, IReadOnlyList<ManifestProblem> problems)
    {
        var (line, column, text) = problems[0];
        var place = line == 0 ? "" : FormattableString.Invariant($"{line}:{column}:");
        var more = problems.Count == 1 ? "" : $" (and {problems.Count - 1} more)";
        return $"{Wording.Plain(path)}:{place} {text}{more}";
    }
}

/// <summary>One thing that is wrong in a manifest.</summary>
/// <param name="Line">Line from 1; 0 when the problem is the file itself.</param>
/// <param name="Column">Column from 1, in UTF-16 units as editors count; 0 when the problem is the file itself.</param>
/// <param name="Text">What is wrong and what is allowed, in one line.</param>
public sealed record ManifestProblem(int Line, int Column, string Text);

/// <summary>A model or quantization was asked for that the manifest does not have: a usage error.</summary>
public sealed class SelectionException : Exception
{
    internal SelectionException(string kind, string given, IReadOnlyList<string> available)
        : base($"unknown {kind} {Wording.Quote(given)}; there are: {string.Join(", ", available)}")
    { }

    private SelectionException(string message)
        : base(message) { }

    internal static SelectionException Ambiguous(
        string given,
        string model,
        IReadOnlyList<string> candidates
    ) =>
        new(
            $"quant {Wording.Quote(given)} is {candidates.Count} files of {model}; name one of them: {string.Join(", ", candidates)}"
        );
}
