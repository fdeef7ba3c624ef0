namespace EchoRate.Gguf;

/// <summary>A file that must not be loaded, with all that is wrong with it.</summary>
public sealed class GgufException : Exception
{
    /// <summary>Makes the exception from a file's problems, at least one of them an error.</summary>
    public GgufException(string path, IReadOnlyList<GgufProblem> problems)
        : base($"{path}: {problems.First(p => p.Severity == GgufSeverity.Error).Message}")
    {
        Path = path;
        Problems = problems;
    }

    /// <summary>The path that was to be read.</summary>
    public string Path { get; }

    /// <summary>Errors and warnings in the order of finding; the same list that TryRead gives.</summary>
    public IReadOnlyList<GgufProblem> Problems { get; }
}
