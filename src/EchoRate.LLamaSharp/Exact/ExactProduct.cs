using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// One product, cut into blocks of weight rows: weights (k, n, heads), input (k, tokens, heads × repeats), product (n, tokens, heads × repeats);
/// by experts: weights (k, n, experts), input (k, used or 1, tokens), ids (used, tokens), product (n, used, tokens).
/// </summary>
internal sealed unsafe class ExactProduct
{
    private const int LeastRows = 32;
    private const int SharesOfThread = 8;
    private readonly int _blocksOfHead;

    internal ExactProduct(Tensor* product, NativeBuffer ids, long blockBytes)
    {
        Product = product;
        Weights = product->From(0);
        Input = product->From(1);
        if (product->From(2) != null)
        {
            Experts = Renumber(product->From(2), Weights->Extent[2], ids);
            Ids = ids;
        }
        Slices = Experts?.Count ?? 1;
        Heads = Experts is null ? Weights->Extent[2] : 1;
        Repeats = Experts is null ? Input->Extent[2] / Heads : Input->Extent[2];
        var rowBytes = Weights->Extent[0] * sizeof(float) * Slices;
        var least = Math.Max(1, LeastRows / Slices);
        Rows = Math.Min(Weights->Extent[1], Math.Max(least, blockBytes / rowBytes));
        _blocksOfHead = (int)((Weights->Extent[1] + Rows - 1) / Rows);
        Blocks = checked((int)Heads * _blocksOfHead);
        BlockBytes = Rows * rowBytes;
    }

    internal Tensor* Product { get; }
    internal Tensor* Weights { get; }
    internal Tensor* Input { get; }

    /// <summary>The experts that a token of the batch goes to, in ascending order: only they are cast. Null for a plain product.</summary>
    internal List<int>? Experts { get; }

    /// <summary>Which of <see cref="Experts"/> each token goes to.</summary>
    internal NativeBuffer? Ids { get; }

    /// <summary>Matrices in a block: one, or one for each expert.</summary>
    internal int Slices { get; }

    internal long Heads { get; }

    /// <summary>Slices of the input that one slice of the weights is multiplied with.</summary>
    internal long Repeats { get; }

    /// <summary>Rows in a block, but the last.</summary>
    internal long Rows { get; }

    internal int Blocks { get; }

    /// <summary>Bytes of a block as F32.</summary>
    internal long BlockBytes { get; }

    /// <summary>The head of a block, its first row, and how many it has.</summary>
    internal (long Head, long Row, long Rows) At(int block)
    {
        var row = block % _blocksOfHead * Rows;
        return (block / _blocksOfHead, row, Math.Min(Rows, Weights->Extent[1] - row));
    }

    /// <summary>Blocks that a thread takes at once: few enough that all threads end at about the same time.</summary>
    internal int BlocksAtOnce(int threads) =>
        threads == 1 ? Blocks : Math.Max(1, Blocks / (threads * SharesOfThread));

    private static List<int> Renumber(Tensor* ids, long experts, NativeBuffer renumbered)
    {
        var count = ids->Extent[0] * ids->Extent[1];
        var numbers = new int[experts];
        for (var i = 0L; i < count; i++)
        {
            numbers[Expert(ids, i)] = 1;
        }
        var used = new List<int>();
        for (var expert = 0; expert < experts; expert++)
        {
            if (numbers[expert] == 1)
            {
                numbers[expert] = used.Count;
                used.Add(expert);
            }
        }
        var destination = (int*)renumbered.Hold(count * sizeof(int));
        for (var i = 0L; i < count; i++)
        {
            destination[i] = numbers[Expert(ids, i)];
        }
        return used;
    }

    private static int Expert(Tensor* ids, long index)
    {
        var (token, choice) = Math.DivRem(index, ids->Extent[0]);
        return *(int*)(ids->Data + (token * ids->Stride[1]) + (choice * ids->Stride[0]));
    }
}
