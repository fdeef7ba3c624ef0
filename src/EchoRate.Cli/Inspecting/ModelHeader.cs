using EchoRate.Gguf;

namespace EchoRate.Cli.Inspecting;

/// <summary>A header to look at, not to run: a vocabulary without tensors will do, everything else that is wrong with a file is refused.</summary>
/// <param name="File">The header.</param>
/// <param name="Problems">What its reader found: warnings, and of errors the lack of tensors alone.</param>
internal sealed record ModelHeader(GgufFile File, IReadOnlyList<GgufProblem> Problems)
{
    /// <summary>Whether the file holds a vocabulary and nothing else, like llama.cpp's own test files.</summary>
    public bool IsVocabularyOnly => Problems.Any(IsNoTensors);

    /// <summary>Reads a header.</summary>
    /// <exception cref="GgufException">The file is missing, damaged, or no model.</exception>
    public static ModelHeader Read(string path)
    {
        GgufFile.TryRead(path, out var file, out var problems);
        return
            file is null
            || problems.Any(problem =>
                problem.Severity == GgufSeverity.Error && !IsNoTensors(problem)
            )
            ? throw new GgufException(
                path,
                [.. problems.Where(problem => file is null || !IsNoTensors(problem))]
            )
            : new ModelHeader(file, problems);
    }

    private static bool IsNoTensors(GgufProblem problem) =>
        problem.Code == GgufProblemCode.NoTensors;
}
