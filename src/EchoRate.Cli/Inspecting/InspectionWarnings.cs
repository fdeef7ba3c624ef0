using EchoRate.Gguf;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Inspecting;

/// <summary>What should be known about a file before a run: what its reader found, and what would surprise whoever reads the rows.</summary>
internal static class InspectionWarnings
{
    /// <summary>The file's warnings, the reader's first.</summary>
    public static IEnumerable<Remark> Of(GgufModelFacts facts, IReadOnlyList<GgufProblem> problems)
    {
        foreach (var problem in problems)
        {
            yield return new Remark(EnumWords.Of(problem.Code), Wording.Problem(problem));
        }
        if (facts.DeclaredBosId is null)
        {
            yield return new Remark("bos_key_absent", Wording.BosKeyAbsent);
        }
        if (
            facts.TokenEmbdType is { } embedding
            && facts.Quantization is { } label
            && QuantizationNames.TensorTypeOf(label) is { } promised
            && embedding.BitsPerNumber() > promised.BitsPerNumber()
        )
        {
            yield return new Remark(
                "embedding_above_label",
                Wording.EmbeddingAboveLabel(embedding, promised, label, facts.TiedEmbeddings)
            );
        }
    }
}
