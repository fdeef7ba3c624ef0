using System.Diagnostics.CodeAnalysis;

namespace EchoRate.Gguf;

/// <content>Reading headers.</content>
public sealed partial class GgufFile
{
    /// <summary>Reads and checks a model's header; the tensor data is never touched.</summary>
    /// <param name="path">A .gguf file, the first part of a split model.</param>
    /// <param name="file">The model; also given beside errors when the header could be read to its end, so that it can be shown.</param>
    /// <param name="problems">Everything found, errors and warnings; empty for a sound file.</param>
    /// <returns>True when there are no errors.</returns>
    public static bool TryRead(
        string path,
        [NotNullWhen(true)] out GgufFile? file,
        out IReadOnlyList<GgufProblem> problems
    )
    {
        var list = new ProblemList();
        file = null;
        if (PartReader.Read(path, list) is { } first)
        {
            var parts = SplitParts.Gather(first, list);
            file = new GgufFile(
                path,
                [.. parts],
                [
                    .. parts.SelectMany(
                        (p, i) =>
                            i == 0 ? p.Tensors : p.Tensors.Select(t => t with { PartIndex = i })
                    ),
                ]
            );
            // A lone part says nothing about the model.
            if (
                !list.All.Any(p =>
                    p.Code
                        is GgufProblemCode.NotFirstPart
                            or GgufProblemCode.PartName
                            or GgufProblemCode.PartMismatch
                            or GgufProblemCode.JoinedParts
                )
            )
            {
                var complete =
                    !list.All.Any(p => p.Code is GgufProblemCode.PartMissing)
                    && parts.TrueForAll(p => p.TensorsKnown);
                new ModelChecks(file, list).Check(complete);
            }
        }
        problems = list.All;
        file?.Problems = problems;
        return file is not null && !list.HasErrors;
    }

    /// <summary>Reads and checks a model's header like TryRead, and throws when there are errors.</summary>
    /// <exception cref="GgufException">With the first error.</exception>
    public static GgufFile Read(string path) =>
        TryRead(path, out var file, out var problems)
            ? file
            : throw new GgufException(path, problems);
}
