using EchoRate.LLamaSharp.Interop;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// Multiplies weights of any type with F32 activations in F32. llama.cpp's own products round the activations to 8 bits wherever weights are
/// quantized, and to 16 where they are F16 or BF16. Here a block of weight rows, small enough for the cache, is cast to F32 and multiplied by
/// ggml's own F32 kernels, block after block.
/// </summary>
internal sealed unsafe class ExactProducts : IDisposable
{
    /// <summary>The function of a backend that sets its threads, under which ggml asks for it.</summary>
    internal const string SetThreadsName = "ggml_backend_set_n_threads";

    private const long BlockBytes = 1 << 20;
    private readonly nint _cpu;
    private readonly delegate* unmanaged[Cdecl]<nint, int, void> _setThreads;
    private readonly NativeBuffer _block = new();
    private readonly NativeBuffer _arena = new();
    private readonly NativeBuffer _ids = new();

    private readonly long _blockBytes;

    /// <summary>Computes with a CPU backend of its own.</summary>
    /// <param name="blockBytes">Bytes of weights that are cast at once, at least 32 rows.</param>
    internal ExactProducts(long blockBytes = BlockBytes)
    {
        _blockBytes = blockBytes;
        var device = ggml_backend_dev_by_type(DeviceCpu);
        _cpu = ggml_backend_dev_init(device, 0);
        _setThreads = (delegate* unmanaged[Cdecl]<
            nint,
            int,
            void>)ggml_backend_reg_get_proc_address(
            MissingApi.ggml_backend_dev_backend_reg(device),
            SetThreadsName
        );
    }

    /// <summary>Products computed so far.</summary>
    internal long Count { get; private set; }

    /// <summary>The threads that compute from now on.</summary>
    internal void SetThreads(int threads) => _setThreads(_cpu, threads);

    /// <summary>
    /// Whether it takes a product: weights (k, n, heads or experts) whose rows lie in one piece and whose type can be cast to F32, activations
    /// in F32.
    /// </summary>
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

    /// <summary>Computes a product, by experts where it names them. Returns <c>enum ggml_status</c>.</summary>
    internal int Compute(Tensor* product)
    {
        Count++;
        return product->From(2) == null ? Multiply(product) : MultiplyByExperts(product);
    }

    public void Dispose()
    {
        ggml_backend_free(_cpu);
        _block.Dispose();
        _arena.Dispose();
        _ids.Dispose();
    }

    // weights (k, n, heads), input (k, tokens, heads × repeats), product (n, tokens, heads × repeats).
    private int Multiply(Tensor* product)
    {
        var weights = product->From(0);
        var input = product->From(1);
        var heads = weights->Extent[2];
        var repeats = input->Extent[2] / heads;
        using var plan = new Plan(this, weights, heads, slicesInBlock: 1, castsInBlock: 1);
        for (var head = 0L; head < heads; head++)
        {
            var first = head * repeats;
            var x = plan.Alias(input, input->Extent[1], repeats, first * input->Stride[2]);
            for (var row = 0L; row < weights->Extent[1]; row += plan.Rows)
            {
                var block = plan.Block(row);
                plan.Cast(block, slot: 0, head, row, 1);
                plan.Multiply(
                    ggml_mul_mat(plan.Context, block, x),
                    product,
                    (first * product->Stride[2]) + (row * sizeof(float))
                );
            }
        }
        return plan.Compute();
    }

    // weights (k, n, experts), input (k, used or 1, tokens), ids (used, tokens), product (n, used, tokens).
    private int MultiplyByExperts(Tensor* product)
    {
        var weights = product->From(0);
        var input = product->From(1);
        var ids = product->From(2);
        var used = Renumber(ids, weights->Extent[2]);
        var all = used.Count == weights->Extent[2];
        using var plan = new Plan(this, weights, 1, used.Count, all ? 1 : used.Count);
        var x = plan.Alias(input, input->Extent[1], input->Extent[2], 0);
        var chosen = plan.New(TypeI32, ids->Extent[0], ids->Extent[1], 1, _ids.Pointer);
        for (var row = 0L; row < weights->Extent[1]; row += plan.Rows)
        {
            var block = plan.Block(row);
            for (var slot = 0; slot < (all ? 1 : used.Count); slot++)
            {
                plan.Cast(block, slot, all ? 0 : used[slot], row, all ? used.Count : 1);
            }
            plan.Multiply(
                ggml_mul_mat_id(plan.Context, block, x, chosen),
                product,
                row * sizeof(float)
            );
        }
        return plan.Compute();
    }

    // The experts that a token of the batch goes to, in ascending order: only they are cast, and the ids count among them alone.
    private List<int> Renumber(Tensor* ids, long experts)
    {
        var numbers = new int[experts];
        for (var i = 0L; i < ids->Extent[0] * ids->Extent[1]; i++)
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
        var renumbered = (int*)_ids.Hold(ids->Extent[0] * ids->Extent[1] * sizeof(int));
        for (var i = 0L; i < ids->Extent[0] * ids->Extent[1]; i++)
        {
            renumbered[i] = numbers[Expert(ids, i)];
        }
        return used;
    }

    private static int Expert(Tensor* ids, long index)
    {
        var (token, choice) = Math.DivRem(index, ids->Extent[0]);
        return *(int*)(ids->Data + (token * ids->Stride[1]) + (choice * ids->Stride[0]));
    }

    // A graph of ggml that computes one product: for each block of rows a cast and a multiplication, in this order, in the same memory.
    private readonly ref struct Plan : IDisposable
    {
        private const int LeastRows = 32;
        private readonly ExactProducts _owner;
        private readonly Tensor* _weights;
        private readonly long _slices;
        private readonly nint _graph;

        internal Plan(
            ExactProducts owner,
            Tensor* weights,
            long heads,
            long slicesInBlock,
            long castsInBlock
        )
        {
            _owner = owner;
            _weights = weights;
            _slices = slicesInBlock;
            var rowBytes = weights->Extent[0] * sizeof(float) * slicesInBlock;
            Rows = Math.Min(weights->Extent[1], Math.Max(LeastRows, owner._blockBytes / rowBytes));
            owner._block.Hold(Rows * rowBytes);
            var blocks = heads * ((weights->Extent[1] + Rows - 1) / Rows);
            var tensors = (blocks * (2 + (3 * castsInBlock))) + heads + 1;
            var bytes =
                ((nuint)tensors * ggml_tensor_overhead())
                + ggml_graph_overhead_custom((nuint)tensors, false);
            Context = ggml_init(
                new InitParams
                {
                    MemorySize = bytes,
                    MemoryBuffer = owner._arena.Hold((long)bytes),
                    NoAlloc = 1,
                }
            );
            _graph = ggml_new_graph_custom(Context, (nuint)tensors, false);
        }

        internal nint Context { get; }

        // Rows of weights in one block.
        internal long Rows { get; }

        public void Dispose() => ggml_free(Context);

        internal Tensor* New(int type, long ne0, long ne1, long ne2, byte* data)
        {
            var tensor = ggml_new_tensor_4d(Context, type, ne0, ne1, ne2, 1);
            tensor->Data = data;
            return tensor;
        }

        // The same numbers without their history, which would else be computed again.
        internal Tensor* Alias(Tensor* of, long ne1, long ne2, long offset)
        {
            var alias = New(of->Type, of->Extent[0], ne1, ne2, of->Data + offset);
            CopyStrides(of, alias);
            return alias;
        }

        internal Tensor* Block(long row) =>
            New(TypeF32, _weights->Extent[0], RowsAt(row), _slices, _owner._block.Pointer);

        internal void Cast(Tensor* block, long slot, long slice, long row, long slices)
        {
            var source = New(
                _weights->Type,
                _weights->Extent[0],
                RowsAt(row),
                slices,
                _weights->Data + (slice * _weights->Stride[2]) + (row * _weights->Stride[1])
            );
            CopyStrides(_weights, source);
            var destination = New(
                TypeF32,
                _weights->Extent[0],
                RowsAt(row),
                slices,
                block->Data + (slot * block->Stride[2])
            );
            ggml_build_forward_expand(_graph, ggml_cpy(Context, source, destination));
        }

        internal void Multiply(Tensor* part, Tensor* product, long offset)
        {
            part->Data = product->Data + offset;
            CopyStrides(product, part);
            ggml_build_forward_expand(_graph, part);
        }

        internal int Compute() => ggml_backend_graph_compute(_owner._cpu, _graph);

        private long RowsAt(long row) => Math.Min(Rows, _weights->Extent[1] - row);

        private static void CopyStrides(Tensor* from, Tensor* to)
        {
            for (var i = 1; i < 4; i++)
            {
                to->Stride[i] = from->Stride[i];
            }
        }
    }
}
