using System.Runtime.InteropServices;

namespace EchoRate.LLamaSharp.Interop;

/// <summary>What a ggml backend needs of ggml to compute, and a tap to look into a graph (ggml.h, ggml-backend.h), names as there.</summary>
internal static unsafe partial class Ggml
{
    /// <summary>The ggml of LLamaSharp 0.30.0, into which plugins of llama.cpp b10361 (npm's node-llama-cpp 3.20.0) fit.</summary>
    internal const string Release = "0.18.0";

    private const string Base = MissingApi.GgmlBase;

    /// <summary><c>enum ggml_type</c>: the type of 32-bit floats.</summary>
    internal const int TypeF32 = 0;

    /// <summary><c>enum ggml_type</c>: the type of 32-bit integers, in which the chosen experts stand.</summary>
    internal const int TypeI32 = 26;

    /// <summary><c>enum ggml_tensor_flag</c>: must be computed.</summary>
    internal const int TensorFlagCompute = 16;

    /// <summary><c>enum ggml_backend_dev_type</c>.</summary>
    internal const int DeviceCpu = 0;

    /// <summary><c>enum ggml_backend_dev_type</c>: helps the CPU, on the CPU's memory (BLAS).</summary>
    internal const int DeviceAccelerator = 3;

    [LibraryImport(Base)]
    internal static partial nint ggml_init(InitParams parameters);

    [LibraryImport(Base)]
    internal static partial void ggml_free(nint context);

    [LibraryImport(Base)]
    internal static partial nuint ggml_tensor_overhead();

    [LibraryImport(Base)]
    internal static partial int ggml_graph_n_nodes(nint graph);

    [LibraryImport(Base)]
    internal static partial Tensor* ggml_graph_node(nint graph, int index);

    [LibraryImport(Base)]
    internal static partial Tensor* ggml_new_tensor_4d(
        nint context,
        int type,
        long ne0,
        long ne1,
        long ne2,
        long ne3
    );

    [LibraryImport(Base)]
    internal static partial Tensor* ggml_mul_mat(nint context, Tensor* weights, Tensor* input);

    [LibraryImport(Base)]
    internal static partial Tensor* ggml_mul_mat_id(
        nint context,
        Tensor* weights,
        Tensor* input,
        Tensor* ids
    );

    [LibraryImport(Base)]
    internal static partial TypeTraits* ggml_get_type_traits(int type);

    [LibraryImport(Base)]
    internal static partial nint ggml_type_name(int type);

    [LibraryImport(Base)]
    internal static partial void ggml_backend_free(nint backend);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_dev_init(nint device, nint parameters);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_dev_buffer_type(nint device);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_dev_buffer_from_host_ptr(
        nint device,
        void* pointer,
        nuint size,
        nuint maxTensorSize
    );

    [LibraryImport(Base)]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool ggml_backend_buft_is_host(nint bufferType);

    [LibraryImport(Base)]
    internal static partial nint ggml_get_name(nint tensor);

    [LibraryImport(Base)]
    internal static partial long ggml_nelements(nint tensor);

    [LibraryImport(Base)]
    internal static partial nuint ggml_nbytes(nint tensor);

    [LibraryImport(Base)]
    internal static partial void ggml_backend_tensor_get(
        nint tensor,
        void* data,
        nuint offset,
        nuint size
    );

    [LibraryImport(Base)]
    internal static partial void ggml_backend_tensor_set(
        nint tensor,
        void* data,
        nuint offset,
        nuint size
    );

    [LibraryImport(MissingApi.Ggml)]
    internal static partial nint ggml_backend_dev_by_type(int type);

    [LibraryImport(MissingApi.Ggml)]
    internal static partial void ggml_backend_register(nint registry);

    [LibraryImport(MissingApi.Ggml, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ggml_backend_load_all_from_path(string dir_path);

    [LibraryImport(MissingApi.Ggml)]
    internal static partial nuint ggml_backend_dev_count();

    [LibraryImport(MissingApi.Ggml)]
    internal static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_dev_name(nint device);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_dev_description(nint device);

    [LibraryImport(Base)]
    internal static partial void ggml_backend_dev_memory(
        nint device,
        out nuint free,
        out nuint total
    );

    [LibraryImport(Base)]
    internal static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_dev_backend_reg(nint device);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_reg_name(nint reg);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_cpu_buffer_type();

    [LibraryImport(MissingApi.Ggml, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint ggml_backend_load(string path);

    [LibraryImport(Base)]
    internal static partial nuint ggml_backend_reg_dev_count(nint reg);

    [LibraryImport(Base)]
    internal static partial nint ggml_backend_reg_dev_get(nint reg, nuint index);

    [LibraryImport(Base)]
    internal static partial nint ggml_version();

    [LibraryImport(Base)]
    internal static partial nint ggml_commit();

    /// <summary><c>ggml_init_params</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InitParams
    {
        internal nuint MemorySize;
        internal void* MemoryBuffer;
        internal byte NoAlloc;
    }

    /// <summary><c>ggml_tensor</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Tensor
    {
        internal int Type;
        internal nint Buffer;
        internal fixed long Extent[4]; // ne: elements in each dimension
        internal fixed long Stride[4]; // nb: bytes from one to the next
        internal int Op;
        internal fixed int OpParams[16];
        internal int Flags;
        internal fixed long Source[10];
        internal nint ViewSource;
        internal nuint ViewOffset;
        internal byte* Data;
        internal fixed byte Name[64];
        internal nint Extra;
        internal long Padding;

        internal readonly Tensor* From(int index) => (Tensor*)Source[index];
    }

    /// <summary><c>ggml_type_traits</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TypeTraits
    {
        internal nint TypeName;
        internal long BlockSize;
        internal long BlockSizeInterleave;
        internal nuint TypeSize;
        internal byte IsQuantized;
        internal delegate* unmanaged[Cdecl]<void*, float*, long, void> ToFloat;
        internal nint FromFloat;
    }

    /// <summary><c>ggml_backend_reg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Registry
    {
        internal int ApiVersion;
        internal delegate* unmanaged[Cdecl]<nint, byte*> GetName;
        internal delegate* unmanaged[Cdecl]<nint, nuint> GetDeviceCount;
        internal delegate* unmanaged[Cdecl]<nint, nuint, nint> GetDevice;
        internal delegate* unmanaged[Cdecl]<nint, byte*, nint> GetProcAddress;
        internal nint Context;
    }

    /// <summary><c>ggml_backend_device</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Device
    {
        internal delegate* unmanaged[Cdecl]<nint, byte*> GetName;
        internal delegate* unmanaged[Cdecl]<nint, byte*> GetDescription;
        internal delegate* unmanaged[Cdecl]<nint, nuint*, nuint*, void> GetMemory;
        internal delegate* unmanaged[Cdecl]<nint, int> GetKind;
        internal delegate* unmanaged[Cdecl]<nint, DeviceProperties*, void> GetProperties;
        internal delegate* unmanaged[Cdecl]<nint, nint, nint> InitBackend;
        internal delegate* unmanaged[Cdecl]<nint, nint> GetBufferType;
        internal nint GetHostBufferType;
        internal delegate* unmanaged[Cdecl]<nint, void*, nuint, nuint, nint> BufferFromHostPointer;
        internal delegate* unmanaged[Cdecl]<nint, Tensor*, byte> SupportsOperation;
        internal delegate* unmanaged[Cdecl]<nint, nint, byte> SupportsBufferType;
        internal nint OffloadOperation;
        internal nint EventNew;
        internal nint EventFree;
        internal nint EventSynchronize;
        internal nint Registry;
        internal nint Context;
    }

    /// <summary><c>ggml_backend_dev_props</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DeviceProperties
    {
        internal byte* Name;
        internal byte* Description;
        internal nuint FreeMemory;
        internal nuint TotalMemory;
        internal int Kind;
        internal byte* DeviceId;
        internal byte IsAsync;
        internal byte HasHostBuffer;
        internal byte BuffersFromHostPointers;
        internal byte HasEvents;
    }

    /// <summary><c>ggml_backend</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Backend
    {
        internal byte* Guid;
        internal delegate* unmanaged[Cdecl]<nint, byte*> GetName;
        internal delegate* unmanaged[Cdecl]<Backend*, void> Free;
        internal nint SetTensorAsync;
        internal nint GetTensorAsync;
        internal nint SetTensor2dAsync;
        internal nint GetTensor2dAsync;
        internal nint CopyTensorAsync;
        internal nint Synchronize;
        internal nint GraphPlanCreate;
        internal nint GraphPlanFree;
        internal nint GraphPlanUpdate;
        internal nint GraphPlanCompute;
        internal delegate* unmanaged[Cdecl]<Backend*, nint, int> GraphCompute;
        internal nint EventRecord;
        internal nint EventWait;
        internal nint GraphOptimize;
        internal Device* Device;
        internal nint Context;
    }
}
