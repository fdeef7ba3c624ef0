using EchoRate.Cli.Errors;
using EchoRate.Core.Models;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>Files cannot be quantized as asked, because of what is on the disk: one line, exit code 3.</summary>
internal sealed class QuantizeException(string message) : Exception(message);

/// <summary>
/// Finds out beforehand, file by file, what quantizing would do, and refuses what cannot be done: nothing is written until all of it can.
/// </summary>
internal sealed class QuantizePlanner(Quantizer quantizer, QuantizeRequest common, string outFolder)
{
    private readonly GgufFile _source = GgufFile.Read(common.Source);

    private ImportanceMatrix? Matrix => common.ImportanceMatrix;

    /// <summary>Plans one file for each type.</summary>
    /// <exception cref="UsageException">The options do not suit this model.</exception>
    /// <exception cref="QuantizeException">A file is in the way, or the disk has no room.</exception>
    /// <exception cref="GgufException">The source is unusable.</exception>
    public QuantizeJob Plan(IReadOnlyList<string> types, CancellationToken cancellation)
    {
        RequireWholeBlocks(
            "--token-embd-type",
            common.TokenEmbeddingType,
            "token_embd.weight",
            "per_layer_token_embd.weight"
        );
        RequireWholeBlocks("--output-type", common.OutputType, "output.weight");
        var files = types.Select(type => Draft(type, cancellation)).ToList();
        if (files.Exists(file => file.State != FileState.IsSource))
        {
            var hash = Origin.HashOf(_source, cancellation);
            var matrixHash = Matrix is null ? null : FileHash.Sha256(Matrix.Path, cancellation);
            files =
            [
                .. files.Select(file =>
                    file.State == FileState.IsSource
                        ? file
                        : Settle(file, Origin.Of(file.Request, hash, matrixHash))
                ),
            ];
        }
        var job = new QuantizeJob(_source, outFolder, files, DiskRoom.FreeBytes(outFolder));
        RequireRoom(job);
        return job;
    }

    private PlannedFile Draft(string type, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var name = QuantizationNames.FileName(
            QuantizationNames.ModelName(common.Source),
            type,
            common.TokenEmbeddingType?.ToString(),
            common.OutputType?.ToString(),
            common.Pure,
            Matrix is not null
        );
        var request = common with { Type = type, Destination = Path.Combine(outFolder, name) };
        var plan = quantizer.Plan(request);
        if (request.Destination == common.Source)
        {
            var bits = ModelFacts.From(_source).BitsPerWeight ?? 0;
            return new PlannedFile(FileState.IsSource, request, plan, _source.FileBytes, bits);
        }
        RequireMatrix(type, plan);
        RequireFirstTime(type, plan);
        return PlannedFile.Of(_source, FileState.Missing, request, plan);
    }

    private PlannedFile Settle(PlannedFile draft, Origin origin)
    {
        var state = StateOf(draft.Path, origin);
        var request = draft.Request with
        {
            Texts = origin.Texts(quantizer.Name, Matrix),
            Replace = state == FileState.Outdated,
        };
        return PlannedFile.Of(_source, state, request, draft.Plan);
    }

    private static FileState StateOf(string path, Origin origin)
    {
        if (!Path.Exists(path))
        {
            return FileState.Missing;
        }
        if (!GgufFile.TryRead(path, out var file, out _))
        {
            throw InTheWay(path, "is no whole GGUF file");
        }
        var found = Origin.In(file.Metadata);
        if (found == origin)
        {
            return FileState.Here;
        }
        if (found is not null && found with { SourceSha256 = origin.SourceSha256 } == origin)
        {
            return FileState.Outdated;
        }
        throw InTheWay(
            path,
            found is null ? "was not made by echorate quantize"
                : found.Options != origin.Options ? $"was made with other options ({found.Options})"
                : $"was made from {found.SourceFile}"
        );
    }

    private static QuantizeException InTheWay(string path, string why) =>
        new($"{path}: is there already and {why}; move it, or choose another folder with --out");

    // llama.cpp lets go of a type that it chose itself; one that is forced on rows which are not whole blocks of it ends in its heap.
    private void RequireWholeBlocks(string option, GgufTensorType? type, params string[] names)
    {
        foreach (var tensor in names.Select(_source.Tensor).OfType<GgufTensorInfo>())
        {
            if (type?.BlockSize() is { } block && tensor.Dimensions[0] % block != 0)
            {
                throw new UsageException(
                    $"{option}: rows of {tensor.Name} have {tensor.Dimensions[0]} values, which are not whole blocks of {block} as {type} needs them; choose another type"
                );
            }
        }
    }

    private void RequireMatrix(string type, QuantizePlan plan)
    {
        if (plan.NeedsImportanceMatrix)
        {
            throw new UsageException(
                $"--to: {type} of this model needs an importance matrix; give one with --imatrix FILE (llama-imatrix makes it)"
            );
        }
        if (Matrix is null)
        {
            return;
        }
        foreach (var planned in plan.Tensors.Where(planned => planned.From != planned.To))
        {
            var tensor = _source.Tensor(planned.Name)!;
            var columns =
                tensor.Dimensions[0] * (tensor.Dimensions.Length > 2 ? tensor.Dimensions[2] : 1);
            // llama-imatrix measures nothing for tables of embeddings.
            var isEmbedding = planned.Name is "token_embd.weight" or "per_layer_token_embd.weight";
            if (!Matrix.Entries.TryGetValue(planned.Name, out var values))
            {
                if (
                    !isEmbedding
                    && planned.Name != "output.weight"
                    && NeedsImportance(planned.To, type)
                )
                {
                    throw new QuantizeException(
                        $"{Matrix.Path}: has nothing for {planned.Name}, which {type} needs it for"
                    );
                }
            }
            else if (values.Length != columns && !isEmbedding)
            {
                throw new QuantizeException(
                    $"{Matrix.Path}: is of another model: {values.Length} values for {planned.Name}, which has {columns} columns"
                );
            }
        }
    }

    // Types that llama.cpp refuses to make without the tensor's importance (llama-quant.cpp): asked before hours of work, not after.
    private static bool NeedsImportance(GgufTensorType type, string fileType) =>
        type switch
        {
            GgufTensorType.IQ1_S
            or GgufTensorType.IQ1_M
            or GgufTensorType.IQ2_XXS
            or GgufTensorType.IQ2_XS
            or GgufTensorType.IQ2_S
            or GgufTensorType.IQ3_XXS => true,
            GgufTensorType.Q2_K => fileType == "Q2_K_S",
            _ => false,
        };

    private void RequireFirstTime(string type, QuantizePlan plan)
    {
        var again = plan
            .Tensors.Where(tensor => tensor.From != tensor.To && tensor.From.IsQuantized())
            .ToList();
        if (again.Count > 0 && !common.AllowRequantize)
        {
            throw new UsageException(
                $"{common.Source}: is quantized already ({QuantizeWords.Count(again.Count, "tensor")} of type {string.Join(", ", again.Select(tensor => tensor.From).Distinct())}), "
                    + $"and {type} would quantize it again, at a loss that the name does not tell; quantize an F16, BF16 or F32 file, or say --allow-requantize"
            );
        }
    }

    private static void RequireRoom(QuantizeJob job)
    {
        if (job.FreeBytes is { } free && job.BytesToMake > free)
        {
            var sizes = job.ToMake.Select(file =>
                $"{file.Request.Type} {QuantizeWords.Size(file.FileBytes)}"
            );
            throw new QuantizeException(
                $"{job.OutFolder}: no room: {QuantizeWords.Count(job.ToMake.Count, "file")} ({string.Join(", ", sizes)}) "
                    + $"together take {QuantizeWords.Size(job.BytesToMake)}, and {QuantizeWords.Size(free)} are free"
            );
        }
    }
}
