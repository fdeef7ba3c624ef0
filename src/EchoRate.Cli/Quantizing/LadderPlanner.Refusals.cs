using System.Globalization;
using EchoRate.Cli.Errors;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <content>What cannot be done, each in one line.</content>
internal sealed partial class LadderPlanner
{
    private static readonly (string Tensor, string Option)[] s_forced =
    [
        ("token_embd.weight", "--token-embd-type"),
        ("per_layer_token_embd.weight", "--token-embd-type"),
        ("output.weight", "--output-type"),
    ];

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
