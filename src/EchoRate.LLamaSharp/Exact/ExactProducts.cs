using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// Multiplies weights of any type with F32 activations in F32. llama.cpp's own products round the activations to 8 bits wherever weights are
/// quantized, and to 16 where they are F16 or BF16. Here a block of weight rows, small enough for the cache, is cast to F32 and multiplied by
/// ggml's own F32 kernels, block after block (<see cref="ExactLane"/>).
/// </summary>
/// <remarks>
/// The blocks are shared among ggml's own threads: a graph with one operation of ours runs on all of them. Each computes its blocks alone, so that no
/// thread waits for another before the product is whole.
/// </remarks>
internal sealed unsafe class ExactProducts : IDisposable
{
    /// <summary>The function of a backend that sets its threads, under which ggml asks for it.</summary>
    internal const string SetThreadsName = "ggml_backend_set_n_threads";

    // Measured on Gemma 3 270M and Qwen 0.5B: half a megabyte to one is best, 32 a quarter slower.
    private const long BlockBytes = 1 << 19;
    private const int ArenaBytes = 1 << 16;
    private const int NoThread = -1; // GGML_N_TASKS_MAX: as many as there are

    private readonly long _blockBytes;
    private readonly nint _cpu = NewCpu();
    private readonly List<ExactLane> _lanes = [];
    private readonly NativeBuffer _arena = new();
    private readonly NativeBuffer _ids = new();
    private readonly GCHandle _self;
    private ExactProduct _product = null!;
    private int _nextBlock;
    private int _status;

    /// <summary>Computes with a CPU backend of its own.</summary>
    /// <param name="blockBytes">Bytes of weights that a thread casts at once, at least 32 rows.</param>
    internal ExactProducts(long blockBytes = BlockBytes)
    {
        _blockBytes = blockBytes;
        _self = GCHandle.Alloc(this);
        SetThreads(1);
    }

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

    /// <summary>A backend of the CPU.</summary>
    internal static nint NewCpu() => ggml_backend_dev_init(ggml_backend_dev_by_type(DeviceCpu), 0);

    /// <summary>Sets a CPU backend's threads.</summary>
    internal static void SetThreads(nint cpu, int threads)
    {
        var registry = ggml_backend_dev_backend_reg(ggml_backend_dev_by_type(DeviceCpu));
        var set = ggml_backend_reg_get_proc_address(registry, SetThreadsName);
        ((delegate* unmanaged[Cdecl]<nint, int, void>)set)(cpu, threads);
    }

    /// <summary>The threads that compute from now on.</summary>
    internal void SetThreads(int threads)
    {
        while (_lanes.Count < threads)
        {
            _lanes.Add(new ExactLane());
        }
        SetThreads(_cpu, threads);
        Threads = threads;
    }

    private int Threads { get; set; }

    /// <summary>Computes a product, by experts where it names them. Returns <c>enum ggml_status</c>.</summary>
    internal int Compute(Tensor* product)
    {
        Count++;
        _product = new ExactProduct(product, _ids, _blockBytes);
        _nextBlock = 0;
        _status = 0;
        if (Threads == 1)
        {
            Work(0);
        }
        else
        {
            WorkOnAllThreads();
        }
        return _status;
    }

    public void Dispose()
    {
        ggml_backend_free(_cpu);
        _lanes.ForEach(lane => lane.Dispose());
        _arena.Dispose();
        _ids.Dispose();
        _self.Free();
    }

    private void WorkOnAllThreads()
    {
        var context = ggml_init(
            new InitParams { MemorySize = ArenaBytes, MemoryBuffer = _arena.Hold(ArenaBytes) }
        );
        var nothing = ggml_new_tensor_4d(context, TypeF32, 1, 1, 1, 1);
        var work = ggml_map_custom1_inplace(
            context,
            nothing,
            &Work,
            NoThread,
            GCHandle.ToIntPtr(_self)
        );
        var graph = ggml_new_graph_custom(context, 8, false);
        ggml_build_forward_expand(graph, work);
        var status = ggml_backend_graph_compute(_cpu, graph);
        ggml_free(context);
        if (status != 0)
        {
            _status = status;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Work(
        Tensor* destination,
        Tensor* source,
        int thread,
        int threads,
        nint self
    ) => ((ExactProducts)GCHandle.FromIntPtr(self).Target!).Work(thread);

    // Takes blocks until none is left: a thread that is held up takes fewer.
    private void Work(int thread)
    {
        try
        {
            var atOnce = _product.BlocksAtOnce(Threads);
            int from;
            while (
                _status == 0
                && (from = Interlocked.Add(ref _nextBlock, atOnce) - atOnce) < _product.Blocks
            )
            {
                var to = Math.Min(from + atOnce, _product.Blocks);
                if (_lanes[thread].Compute(_product, from, to) is var status and not 0)
                {
                    _status = status;
                }
            }
        }
        // An exception must not cross native code.
        catch (Exception e)
        {
            Failure ??= e.Message;
            _status = -1;
        }
    }
}
