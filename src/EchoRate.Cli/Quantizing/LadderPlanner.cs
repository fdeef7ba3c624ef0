using EchoRate.Cli.Errors;
using EchoRate.Gguf;
using EchoRate.LLamaSharp;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Runs.Files;
using QuantizationNames = EchoRate.Gguf.QuantizationNames;

namespace EchoRate.Cli.Quantizing;

/// <summary>
/// Finds out beforehand, file by file, what quantizing would do, and refuses what cannot be done: nothing is written until all of it can.
/// </summary>
internal sealed partial class LadderPlanner(LLamaSharpLibrary library)
{
    private readonly Quantizer _quantizer = new(library);

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
}
