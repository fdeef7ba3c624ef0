using System.Runtime.InteropServices;

namespace EchoRate.Gguf;

/// <content>
/// The format since 2025, a GGUF file. Source: llama.cpp's common/imatrix-loader.cpp and tools/quantize.
/// `general.type` is `imatrix`; for each weight W there are F32 tensors `W.in_sum2` (row length × experts: sums of squares) and `W.counts`
/// (1 × experts: how many were added up). An expert that no token reached counts as 1 everywhere.
/// </content>
public sealed partial record ImportanceMatrix
{
    private const string SumsSuffix = ".in_sum2";
    private const string CountsSuffix = ".counts";

    private static ImportanceMatrix FromGguf(string path)
    {
        GgufFile.TryRead(path, out var file, out var problems);
        // A file of this kind is no model: that is its only error.
        var error = problems.FirstOrDefault(problem =>
            problem.Severity == GgufSeverity.Error && problem.Code != GgufProblemCode.NotAModel
        );
        if (file?.Metadata.Text(GgufKeys.Kind) is var kind && kind != "imatrix")
        {
            throw new ImportanceMatrixException(
                path,
                file is null
                    ? error!.Message
                    : $"is a GGUF file, but no importance matrix ({GgufKeys.Kind} is '{kind ?? ""}')"
            );
        }
        if (error is not null)
        {
            throw new ImportanceMatrixException(path, error.Message);
        }
        return new ImportanceMatrix
        {
            Path = path,
            Entries = EntriesOf(file!),
            Datasets = file!.Metadata.Texts("imatrix.datasets") is { } texts
                ? [.. Enumerable.Range(0, texts.Count).Select(texts.Text)]
                : [],
            ChunkCount = (int)
                Math.Clamp(file.Metadata.WholeNumber("imatrix.chunk_count") ?? 0, 0, int.MaxValue),
        };
    }

    private static Dictionary<string, float[]> EntriesOf(GgufFile file)
    {
        var entries = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (
            var sums in file.Tensors.Where(tensor =>
                tensor.Name.EndsWith(SumsSuffix, StringComparison.Ordinal)
            )
        )
        {
            var name = sums.Name[..^SumsSuffix.Length];
            var counts =
                file.Tensor(name + CountsSuffix)
                ?? throw new ImportanceMatrixException(
                    file.Path,
                    $"{sums.Name} has no {CountsSuffix} beside it"
                );
            entries.Add(name, Means(file, sums, counts));
        }
        return entries.Count > 0
            ? entries
            : throw new ImportanceMatrixException(file.Path, "holds no sums for any tensor");
    }

    private static float[] Means(GgufFile file, GgufTensorInfo sums, GgufTensorInfo counts)
    {
        var (values, experts) = (Floats(file, sums), Floats(file, counts));
        if (experts.Length == 0 || values.Length % experts.Length != 0)
        {
            throw new ImportanceMatrixException(
                file.Path,
                $"{sums.Name} has {values.Length} values for {experts.Length} counts"
            );
        }
        var row = values.Length / experts.Length;
        for (var i = 0; i < values.Length; i++)
        {
            var count = MathF.Round(experts[i / row]);
            values[i] = count > 0 ? values[i] / count : 1;
        }
        return values;
    }

    private static float[] Floats(GgufFile file, GgufTensorInfo tensor)
    {
        // An entry is as long as a row of a model's weights, for each expert; the file was checked to hold it.
        if (tensor.Type != GgufTensorType.F32 || tensor.ByteCount > Array.MaxLength)
        {
            throw new ImportanceMatrixException(
                file.Path,
                $"{tensor.Name} is {tensor.Type}, not F32"
            );
        }
        using var bytes = new MemoryStream((int)tensor.ByteCount);
        file.CopyTensor(tensor, bytes);
        return MemoryMarshal
            .Cast<byte, float>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length))
            .ToArray();
    }
}
