using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// What one thread computes products with: for each block a cast and a multiplication, in this order, in the same memory, as a graph of ggml on a
/// CPU backend of one thread.
/// </summary>
internal sealed unsafe class ExactLane : IDisposable
{
    private readonly nint _cpu = ExactProducts.NewCpu();
    private readonly NativeBuffer _block = new();
    private readonly NativeBuffer _arena = new();

    internal ExactLane() => ExactProducts.SetThreads(_cpu, 1);

    /// <summary>Computes some blocks of a product. Returns <c>enum ggml_status</c>.</summary>
    internal int Compute(ExactProduct product, int from, int to)
    {
        _block.Hold(product.BlockBytes);
        var casts = product.Experts is { } experts && !IsAll(product) ? experts.Count : 1;
        var tensors = (nuint)((to - from) * (4 + (3 * casts)) + 1);
        var bytes = (tensors * ggml_tensor_overhead()) + ggml_graph_overhead_custom(tensors, false);
        var context = ggml_init(
            new InitParams
            {
                MemorySize = bytes,
                MemoryBuffer = _arena.Hold((long)bytes),
                NoAlloc = 1,
            }
        );
        var graph = ggml_new_graph_custom(context, tensors, false);
        for (var block = from; block < to; block++)
        {
            Add(context, graph, product, block);
        }
        var status = ggml_backend_graph_compute(_cpu, graph);
        ggml_free(context);
        return status;
    }

    public void Dispose()
    {
        ggml_backend_free(_cpu);
        _block.Dispose();
        _arena.Dispose();
    }

    private static bool IsAll(ExactProduct product) => product.Slices == product.Weights->Extent[2];

    private void Add(nint context, nint graph, ExactProduct of, int number)
    {
        var (head, row, rows) = of.At(number);
        var weights = of.Weights;
        var block = New(context, TypeF32, weights->Extent[0], rows, of.Slices, _block.Pointer);
        if (of.Experts is not { } experts)
        {
            Cast(context, graph, weights, block, 0, head, row, 1);
        }
        else if (IsAll(of))
        {
            Cast(context, graph, weights, block, 0, 0, row, of.Slices);
        }
        else
        {
            for (var slot = 0; slot < experts.Count; slot++)
            {
                Cast(context, graph, weights, block, slot, experts[slot], row, 1);
            }
        }

        // The same numbers without their history, which would else be computed again.
        var first = head * of.Repeats;
        var x = New(
            context,
            TypeF32,
            of.Input->Extent[0],
            of.Input->Extent[1],
            of.Repeats,
            of.Input->Data + (first * of.Input->Stride[2])
        );
        CopyStrides(of.Input, x);
        Tensor* result;
        if (of.Ids is null)
        {
            result = ggml_mul_mat(context, block, x);
        }
        else
        {
            var ids = of.Product->From(2);
            result = ggml_mul_mat_id(
                context,
                block,
                x,
                New(context, TypeI32, ids->Extent[0], ids->Extent[1], 1, of.Ids.Pointer)
            );
        }
        result->Data = of.Product->Data + (first * of.Product->Stride[2]) + (row * sizeof(float));
        CopyStrides(of.Product, result);
        ggml_build_forward_expand(graph, result);
    }

    private static void Cast(
        nint context,
        nint graph,
        Tensor* weights,
        Tensor* block,
        long slot,
        long slice,
        long row,
        long slices
    )
    {
        var source = New(
            context,
            weights->Type,
            weights->Extent[0],
            block->Extent[1],
            slices,
            weights->Data + (slice * weights->Stride[2]) + (row * weights->Stride[1])
        );
        CopyStrides(weights, source);
        var destination = New(
            context,
            TypeF32,
            weights->Extent[0],
            block->Extent[1],
            slices,
            block->Data + (slot * block->Stride[2])
        );
        ggml_build_forward_expand(graph, ggml_cpy(context, source, destination));
    }

    private static Tensor* New(nint context, int type, long ne0, long ne1, long ne2, byte* data)
    {
        var tensor = ggml_new_tensor_4d(context, type, ne0, ne1, ne2, 1);
        tensor->Data = data;
        return tensor;
    }

    private static void CopyStrides(Tensor* from, Tensor* to)
    {
        for (var i = 1; i < 4; i++)
        {
            to->Stride[i] = from->Stride[i];
        }
    }
}
