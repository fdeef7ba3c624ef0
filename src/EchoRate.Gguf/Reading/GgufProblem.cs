namespace EchoRate.Gguf;

/// <summary>One problem of one file.</summary>
/// <param name="Code">What kind it is.</param>
/// <param name="Severity">Whether the file must not be loaded.</param>
/// <param name="Message">One sentence for people: what was found and what is allowed; without the file's name unless several are involved.</param>
public sealed record GgufProblem(GgufProblemCode Code, GgufSeverity Severity, string Message)
{
    public override string ToString() => $"{Severity} {Code}: {Message}";
}

/// <summary>What a problem means for the file: it loads all the same, or it must not be handed to llama.cpp.</summary>
public enum GgufSeverity
{
    Warning,
    Error,
}

/// <summary>A file that must not be loaded, with the first error.</summary>
/// <param name="path">The path that was to be read.</param>
/// <param name="problems">Errors and warnings in the order of finding, at least one of them an error.</param>
public sealed class GgufException(string path, IReadOnlyList<GgufProblem> problems)
    : Exception($"{path}: {problems.First(p => p.Severity == GgufSeverity.Error).Message}");

/// <summary>Collects problems, and stops at a hundred: a damaged file can have one per tensor.</summary>
internal sealed class ProblemList
{
    private const int Most = 100;

    private readonly List<GgufProblem> _problems = [];

    internal IReadOnlyList<GgufProblem> All => _problems;

    internal bool HasErrors { get; private set; }

    internal void Error(GgufProblemCode code, string message)
    {
        HasErrors = true;
        Add(new(code, GgufSeverity.Error, message));
    }

    internal void Warning(GgufProblemCode code, string message) =>
        Add(new(code, GgufSeverity.Warning, message));

    /// <summary>Notes an error after which the header cannot be read on, and gives what to throw.</summary>
    internal HeaderEndsException End(GgufProblemCode code, string message)
    {
        Error(code, message);
        return new HeaderEndsException();
    }

    private void Add(GgufProblem problem)
    {
        if (_problems.Count < Most)
        {
            _problems.Add(problem);
        }
        else if (_problems.Count == Most)
        {
            var message = $"More than {Most} problems; the rest is left out.";
            _problems.Add(new(GgufProblemCode.TooManyProblems, problem.Severity, message));
        }
    }
}

/// <summary>A header that cannot be read any further; the list of problems says why. It never leaves the reader.</summary>
internal sealed class HeaderEndsException : Exception;
