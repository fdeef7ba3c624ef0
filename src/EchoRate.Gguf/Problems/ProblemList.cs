namespace EchoRate.Gguf;

/// <summary>Collects problems, and stops at a hundred: a damaged file can have one per tensor.</summary>
internal sealed class ProblemList
{
    private const int Most = 100;

    private readonly List<GgufProblem> _problems = [];

    internal IReadOnlyList<GgufProblem> All => _problems;

    internal bool HasErrors { get; private set; }

    // False, so that a caller can write `return problems.Error(…)`.
    internal bool Error(GgufProblemCode code, string message)
    {
        HasErrors = true;
        return Add(new(code, GgufSeverity.Error, message));
    }

    internal bool Warning(GgufProblemCode code, string message) =>
        Add(new(code, GgufSeverity.Warning, message));

    private bool Add(GgufProblem problem)
    {
        if (_problems.Count < Most)
        {
            _problems.Add(problem);
        }
        else if (_problems.Count == Most)
        {
            _problems.Add(
                new(
                    GgufProblemCode.TooManyProblems,
                    problem.Severity,
                    $"More than {Most} problems; the rest is left out."
                )
            );
        }
        return false;
    }
}
