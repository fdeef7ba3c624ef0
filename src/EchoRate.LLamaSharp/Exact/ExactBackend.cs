using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EchoRate.Core.Engine;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// A backend of ggml (ggml-backend-impl.h) that takes the products of weights, and nothing else, and computes them by <see cref="ExactProducts"/>.
/// It is an accelerator, as BLAS is one: it works on the CPU's memory, and llama.cpp makes one for every context. A context that shall compute as
/// llama.cpp does gets one that takes nothing.
/// </summary>
internal static unsafe class ExactBackend
{
    /// <summary>The name of its device, which is none of the machine's.</summary>
    internal const string Name = "EXACT";

    private const int Success = 0;
    private const int Failed = -1;
    private static readonly Lock _lock = new();
    private static readonly byte* _name = Utf8(Name);
    private static Device* _exact;
    private static Device* _idle;
    private static (int Plain, int ByExperts) _products;

    // llama.cpp makes a context's backends, and first asks what they support, on the thread that asks for the context.
    [ThreadStatic]
    private static ExactProducts? _making;

    /// <summary>Makes it known to ggml, once a process. It proves itself first.</summary>
    /// <exception cref="NativeLibraryException">The library's structs lie otherwise, or a product came out wrong.</exception>
    internal static void Register()
    {
        lock (_lock)
        {
            if (_exact != null)
            {
                return;
            }
            _products = ExactSelfCheck.Run();
            var registry = New<Registry>();
            registry->ApiVersion = CpuRegistry()->ApiVersion;
            registry->GetName = &NameOf;
            registry->GetDeviceCount = &DeviceCount;
            registry->GetDevice = &DeviceAt;
            _idle = NewDevice(registry, &SupportsNothing);
            _exact = NewDevice(registry, &Supports);
            ggml_backend_register((nint)registry);
        }
    }

    /// <summary>Contexts that the calling thread makes before the end of this are exact; null for none.</summary>
    internal static IDisposable Making(ExactProducts? context)
    {
        _making = context;
        return new Made();
    }

    private static Registry* CpuRegistry() =>
        (Registry*)ggml_backend_dev_backend_reg(ggml_backend_dev_by_type(DeviceCpu));

    private static Device* NewDevice(
        Registry* registry,
        delegate* unmanaged[Cdecl]<nint, Tensor*, byte> supports
    )
    {
        var device = New<Device>();
        device->GetName = &NameOf;
        device->GetDescription = &NameOf;
        device->GetMemory = &Memory;
        device->GetKind = &KindOf;
        device->GetProperties = &Properties;
        device->InitBackend = &InitBackend;
        device->GetBufferType = &BufferType;
        device->BufferFromHostPointer = &BufferFromHostPointer;
        device->SupportsOperation = supports;
        device->SupportsBufferType = &SupportsBufferType;
        device->Registry = (nint)registry;
        return device;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* NameOf(nint any) => _name;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nuint DeviceCount(nint registry) => 1;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint DeviceAt(nint registry, nuint index) => (nint)_exact;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Memory(nint device, nuint* free, nuint* total) => *free = *total = 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int KindOf(nint device) => DeviceAccelerator;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Properties(nint device, DeviceProperties* properties) =>
        *properties = new DeviceProperties
        {
            Name = _name,
            Description = _name,
            Kind = DeviceAccelerator,
            BuffersFromHostPointers = 1,
        };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint InitBackend(nint device, nint parameters)
    {
        var backend = New<Backend>();
        backend->Guid = _name;
        backend->GetName = &NameOf;
        backend->Free = &Free;
        backend->GraphCompute = &Compute;
        backend->Device = _making is null ? _idle : _exact;
        backend->Context = _making is null ? 0 : GCHandle.ToIntPtr(GCHandle.Alloc(_making));
        return (nint)backend;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(Backend* backend)
    {
        if (backend->Context != 0)
        {
            GCHandle.FromIntPtr(backend->Context).Free();
        }
        NativeMemory.Free(backend);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint BufferType(nint device) =>
        ggml_backend_dev_buffer_type(ggml_backend_dev_by_type(DeviceCpu));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint BufferFromHostPointer(nint device, void* at, nuint size, nuint most) =>
        ggml_backend_dev_buffer_from_host_ptr(ggml_backend_dev_by_type(DeviceCpu), at, size, most);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte SupportsBufferType(nint device, nint type) =>
        ggml_backend_buft_is_host(type) ? (byte)1 : (byte)0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte SupportsNothing(nint device, Tensor* operation) => 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte Supports(nint device, Tensor* operation)
    {
        if (!IsProduct(operation))
        {
            return 0;
        }
        var takes = ExactProducts.Takes(operation);
        _making?.Note(operation->From(0), takes);
        return takes ? (byte)1 : (byte)0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Compute(Backend* backend, nint graph)
    {
        var products = ProductsOf(backend);
        if (products is null)
        {
            return Failed;
        }
        try
        {
            for (var i = 0; i < ggml_graph_n_nodes(graph); i++)
            {
                var node = ggml_graph_node(graph, i);
                if (IsProduct(node) && (node->Flags & TensorFlagCompute) != 0)
                {
                    products.Compute(node);
                }
            }
            return products.Failure is null ? Success : Failed;
        }
        // An exception must not cross native code: llama_decode answers with an error.
        catch (Exception e)
        {
            products.Failure ??= e.GetBaseException().Message;
            return Failed;
        }
    }

    private static bool IsProduct(Tensor* operation) =>
        operation->Op == _products.Plain || operation->Op == _products.ByExperts;

    private static ExactProducts? ProductsOf(Backend* backend) =>
        backend->Context == 0 ? null : (ExactProducts?)GCHandle.FromIntPtr(backend->Context).Target;

    private static T* New<T>()
        where T : unmanaged => (T*)NativeMemory.AllocZeroed((nuint)sizeof(T));

    private static byte* Utf8(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var memory = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 16);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return memory;
    }

    private sealed class Made : IDisposable
    {
        public void Dispose() => _making = null;
    }
}
