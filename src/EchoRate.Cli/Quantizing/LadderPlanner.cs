using System.Globalization;
using EchoRate.Cli.Errors;
using EchoRate.Gguf;
using EchoRate.Llama;
using EchoRate.Llama.Quantizing;
using EchoRate.Runs.Files;
using QuantizationNames = EchoRate.Gguf.QuantizationNames;

namespace EchoRate.Cli.Quantizing;

/// <summary>
/// Finds out beforehand, file by file, what quantizing would do, and refuses what cannot be done: nothing is written until all of it can.
/// </summary>
internal sealed class LadderPlanner(LlamaLibrary library)
{
    private static readonly (string Tensor, string Option)[] s_forced =
    [
        ("token_embd.weight", "--token-embd-type"),
        ("per_layer_token_embd.weight", "--token-embd-type"),
        ("output.weight", "--output-type"),
    ];

    private readonly LlamaQuantizer _quantizer = new(library);

    /// <summary>Plans all files of an order.</summary>
    /// <exception cref="UsageException">The options do not suit this model.</exception>
    /// <exception cref="LadderException">A file is in the way, or the disk has no room.</exception>
    /// <exception cref="GgufException">The source is missing or unusable.</exception>
    /// <exception cref="ImportanceMatrixException">The importance matrix is.</exception>
    public Ladder Plan(LadderOrder order, CancellationToken cancellation)
    {
        var source = GgufFile.Read(order.Source);
        RequireWholeBlocks(order, source);
        var matrix = order.ImportanceMatrix is { } path ? ImportanceMatrix.Read(path) : null;
        var drafts = order
            .Types.Select(type => Draft(order, source, matrix, type, cancellation))
            .ToList();
        if (drafts.TrueForAll(file => file.State == FileState.IsSource))
        {
            return Whole(order, source, drafts);
        }
        var hash = Origin.HashOf(source, cancellation);
        var matrixHash = matrix is null ? null : ContentHash.OfFile(matrix.Path, cancellation);
        var ladder = Whole(
            order,
            source,
            [
                .. drafts.Select(file =>
                    file.State == FileState.IsSource
                        ? file
                        : Settle(
                            file,
                            source,
                            Origin.Of(order, file.Type, hash, matrixHash),
                            matrix
                        )
                ),
            ]
        );
        RequireRoom(ladder);
        return ladder;
    }

    private static Ladder Whole(
        LadderOrder order,
        GgufFile source,
        IReadOnlyList<PlannedFile> files
    ) =>
        new()
        {
            Source = source,
            OutFolder = order.OutFolder,
            Files = files,
            FreeBytes = DiskRoom.FreeBytes(order.OutFolder),
        };

    // llama.cpp lets go of a type that it chose itself; one that is forced on rows which are not whole blocks of it ends in its heap.
    private static void RequireWholeBlocks(LadderOrder order, GgufFile source)
    {
        foreach (var (name, option) in s_forced)
        {
            var type = option == "--output-type" ? order.OutputType : order.TokenEmbeddingType;
            if (type is null || source.Tensor(name) is not { } tensor)
            {
                continue;
            }
            var block = Enum.Parse<GgufTensorType>(type).BlockSize();
            if (tensor.Dimensions[0] % block != 0)
            {
                throw new UsageException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{option}: rows of {name} have {tensor.Dimensions[0]} values, which are not whole blocks of {block} as {type} needs them; choose another type"
                    )
                );
            }
        }
    }

    private PlannedFile Draft(
        LadderOrder order,
        GgufFile source,
        ImportanceMatrix? matrix,
        string type,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        var name = QuantizationNames.FileName(
            QuantizationNames.ModelName(order.Source),
            type,
            order.TokenEmbeddingType,
            order.OutputType,
            order.Pure,
            matrix is not null
        );
        var path = Path.Combine(order.OutFolder, name);
        var request = new QuantizeRequest
        {
            Source = order.Source,
            Destination = path,
            Type = type,
            Threads = order.Threads,
            TokenEmbeddingType = order.TokenEmbeddingType,
            OutputType = order.OutputType,
            Pure = order.Pure,
            AllowRequantize = order.AllowRequantize,
            ImportanceMatrix = matrix?.Entries,
            Numbers = NumbersOf(matrix),
            Verify = written => GgufFile.Read(written),
        };
        var plan = _quantizer.Plan(request);
        if (path != order.Source)
        {
            RequireMatrix(type, plan, source, matrix);
            RequireFirstTime(order, type, plan);
        }
        return new PlannedFile
        {
            Type = type,
            Path = path,
            State = path == order.Source ? FileState.IsSource : FileState.Missing,
            Request = request,
            Tensors = plan,
            TensorBytes = source.Tensors.Sum(tensor => tensor.ByteCount),
            FileBytes = source.FileBytes,
            BitsPerWeight = GgufModelFacts.From(source).BitsPerWeight ?? 0,
        };
    }

    private PlannedFile Settle(
        PlannedFile draft,
        GgufFile source,
        Origin origin,
        ImportanceMatrix? matrix
    )
    {
        var texts = origin.Texts("llama.cpp " + library.Version);
        if (matrix is not null)
        {
            // As llama-quantize does: these say to everybody that a matrix was used.
            texts.Add("quantize.imatrix.file", Origin.Short(Path.GetFileName(matrix.Path)));
            if (matrix.Datasets is [var dataset, ..])
            {
                texts.Add("quantize.imatrix.dataset", Origin.Short(dataset));
            }
        }
        var (tensorBytes, fileBytes) = PlannedFile.Weigh(source, draft.Tensors, texts);
        var state = StateOf(draft.Path, origin);
        return draft with
        {
            State = state,
            Request = draft.Request with { Texts = texts, Replace = state == FileState.Outdated },
            TensorBytes = tensorBytes,
            FileBytes = fileBytes,
            BitsPerWeight = tensorBytes * 8.0 / source.Tensors.Sum(tensor => tensor.ElementCount),
        };
    }

    private static Dictionary<string, uint> NumbersOf(ImportanceMatrix? matrix)
    {
        var numbers = new Dictionary<string, uint>();
        if (matrix is not null)
        {
            numbers.Add("quantize.imatrix.entries_count", (uint)matrix.Entries.Count);
            if (matrix.ChunkCount > 0)
            {
                numbers.Add("quantize.imatrix.chunks_count", (uint)matrix.ChunkCount);
            }
        }
        return numbers;
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

    private static LadderException InTheWay(string path, string why) =>
        new($"{path}: is there already and {why}; move it, or choose another folder with --out");

    private static void RequireMatrix(
        string type,
        QuantizePlan plan,
        GgufFile source,
        ImportanceMatrix? matrix
    )
    {
        if (plan.NeedsImportanceMatrix)
        {
            throw new UsageException(
                $"--to: {type} of this model needs an importance matrix; give one with --imatrix FILE (llama-imatrix makes it)"
            );
        }
        if (matrix is null)
        {
            return;
        }
        foreach (var planned in plan.Tensors.Where(planned => planned.From != planned.To))
        {
            var tensor = source.Tensor(planned.Name)!;
            var columns =
                tensor.Dimensions[0] * (tensor.Dimensions.Length > 2 ? tensor.Dimensions[2] : 1);
            if (!matrix.Entries.TryGetValue(planned.Name, out var values))
            {
                if (ImportanceNeeds.Matrix(planned, type))
                {
                    throw new LadderException(
                        $"{matrix.Path}: has nothing for {planned.Name}, which {type} needs it for"
                    );
                }
            }
            else if (values.Length != columns && !ImportanceNeeds.IsEmbedding(planned.Name))
            {
                throw new LadderException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{matrix.Path}: is of another model: {values.Length} values for {planned.Name}, which has {columns} columns"
                    )
                );
            }
        }
    }

    private static void RequireFirstTime(LadderOrder order, string type, QuantizePlan plan)
    {
        var again = plan
            .Tensors.Where(tensor =>
                tensor.From != tensor.To && Enum.Parse<GgufTensorType>(tensor.From).IsQuantized()
            )
            .ToList();
        if (again.Count > 0 && !order.AllowRequantize)
        {
            throw new UsageException(
                $"{order.Source}: is quantized already ({QuantizeWords.Count(again.Count, "tensor")} of type {string.Join(", ", again.Select(tensor => tensor.From).Distinct())}), "
                    + $"and {type} would quantize it again, at a loss that the name does not tell; quantize an F16, BF16 or F32 file, or say --allow-requantize"
            );
        }
    }

    private static void RequireRoom(Ladder ladder)
    {
        if (ladder.FreeBytes is { } free && ladder.BytesToMake > free)
        {
            throw new LadderException(
                $"{ladder.OutFolder}: no room: {QuantizeWords.Count(ladder.ToMake.Count(), "file")} "
                    + $"({string.Join(", ", ladder.ToMake.Select(file => $"{file.Type} {QuantizeWords.Size(file.FileBytes)}"))}) "
                    + $"together take {QuantizeWords.Size(ladder.BytesToMake)}, and {QuantizeWords.Size(free)} are free"
            );
        }
    }
}
