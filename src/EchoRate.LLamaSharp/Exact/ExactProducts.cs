using System.Runtime.InteropServices;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// Multiplies weights of any type with F32 activations in F32. llama.cpp's own products round the activations to 8 bits wherever weights are
/// quantized, and to 16 where they are F16 or BF16. Here ggml casts a block of weight rows, small enough for the cache, to F32, and
/// <see cref="ExactKernel"/> multiplies it, block after block.
/// </summary>
/// <param name="threads">The threads that compute.</param>
/// <param name="blockBytes">Bytes of weights that a thread casts at once.</param>
/// <remarks>One context of llama.cpp has one, and outlives it not: free it after the context. Each thread computes its blocks alone, so that none waits for another before the product is whole.</remarks>
internal sealed unsafe class ExactProducts(
    int threads,
    long blockBytes = ExactProducts.DefaultBlockBytes
) : IDisposable
{
    // Measured on Gemma 3 270M: with 64 KiB to 512 KiB as fast.
    private const long DefaultBlockBytes = 1 << 18;

    private readonly NativeBuffer[] _blocks =
    [
        .. Enumerable.Range(0, threads).Select(_ => new NativeBuffer()),
    ];
    private readonly HashSet<nint> _taken = [];
    private int _nextBlock;

    /// <summary>Matrices of weights whose products it takes.</summary>
    internal int TakenWeights => _taken.Count;

    /// <summary>The first weights that are multiplied in a way that it does not know, by name and type; null where there are none.</summary>
    internal string? Refused { get; private set; }

    /// <summary>Products computed so far.</summary>
    internal long Count { get; private set; }

    /// <summary>What went wrong on this side of native code; null where nothing did.</summary>
    internal string? Failure { get; set; }

    /// <summary>Whether it takes a product: weights (k, n, heads or experts) whose rows lie in one piece and can be cast, activations in F32.</summary>
    internal static bool Takes(Tensor* product)
    {
        var weights = product->From(0);
        var input = product->From(1);
        var ids = product->From(2);
        var type = ggml_get_type_traits(weights->Type);
        return weights->Type != TypeF32
            && type->ToFloat != null
            && weights->Stride[0] == (long)type->TypeSize
            && weights->Extent[3] == 1
            && input->Type == TypeF32
            && input->Stride[0] == sizeof(float)
            && input->Extent[3] == 1
            && product->Type == TypeF32
            && (ids == null || ids->Type == TypeI32);
    }

    /// <summary>Notes weights of the context, and whether their products are taken.</summary>
    internal void Note(Tensor* weights, bool takes)
    {
        if (takes)
        {
            _taken.Add((nint)weights->Data);
        }
        else if (weights->Type != TypeF32)
        {
            var name = Marshal.PtrToStringUTF8((nint)weights->Name);
            var type = Marshal.PtrToStringUTF8(ggml_type_name(weights->Type));
            Refused ??= $"{name} ({type})";
        }
    }

    /// <summary>Computes a product, by experts where it names them.</summary>
    internal void Compute(Tensor* node)
    {
        Count++;
        var product = new ExactProduct(node, blockBytes);
        _nextBlock = 0;
        if (threads == 1)
        {
            Work(product, 0);
        }
        else
        {
            Parallel.For(0, threads, thread => Work(product, thread));
        }
    }

    public void Dispose() => Array.ForEach(_blocks, block => block.Dispose());

    // Takes blocks until none is left: a thread that is held up takes fewer.
    private void Work(ExactProduct product, int thread)
    {
        var block = (float*)_blocks[thread].Hold(product.BlockBytes);
        int number;
        while ((number = Interlocked.Increment(ref _nextBlock) - 1) < product.Blocks)
        {
            product.Compute(number, block);
        }
    }
}
