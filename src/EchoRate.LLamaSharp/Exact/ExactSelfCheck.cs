using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using LLama.Native;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Exact;

/// <summary>
/// Proves that <see cref="ExactProducts"/> computes with the loaded ggml what it says: first that the structs which are read and written lie as
/// they are declared here, then that products of every type of weights equal plain arithmetic in double precision.
/// </summary>
internal static unsafe class ExactSelfCheck
{
    private const int Columns = 256; // a multiple of every type's block
    private const int Rows = 37; // more than one block, the last not full
    private const int Slices = 3;
    private const int Choices = 2;
    private const int Tokens = 6; // a multiple of the slices

    // Of the sum of the absolute products; F32 sums of 256 terms stay below it.
    private const double Tolerance = 1e-5;

    /// <summary>Checks all of it. Returns the loaded ggml's numbers of MUL_MAT and MUL_MAT_ID (<c>enum ggml_op</c>), which its releases move.</summary>
    internal static (int Plain, int ByExperts) Run()
    {
        CheckBackends();
        CheckTensors();
        using var products = new ExactProducts(threads: 2, blockBytes: 0);
        var operations = (0, 0);
        foreach (var type in Enum.GetValues<GGMLType>().Select(type => (int)type).Distinct())
        {
            operations = IsCast(type) ? CheckType(products, type) : operations;
        }
        return operations;
    }

    // Whether weights of a type can be cast to F32.
    private static bool IsCast(int type) =>
        type != TypeF32
        && type < (int)GGMLType.GGML_TYPE_COUNT
        && ggml_get_type_traits(type)->ToFloat != null;

    // The CPU's backend, whose functions are known: which it has, which it lacks, and what stands behind them.
    private static void CheckBackends()
    {
        var device = (Device*)ggml_backend_dev_by_type(DeviceCpu);
        var functions = new ReadOnlySpan<nint>(device, 15);
        Require(Pattern(functions) == "111111101110000", "ggml_backend_device_i");
        Require(
            device->Registry == ggml_backend_dev_backend_reg((nint)device)
                && device->GetKind((nint)device) == DeviceCpu,
            "ggml_backend_device"
        );
        var registry = (Registry*)device->Registry;
        Require(
            registry->GetDeviceCount(device->Registry) == 1
                && registry->GetDevice(device->Registry, 0) == (nint)device,
            "ggml_backend_reg"
        );
        var backend = (Backend*)ggml_backend_dev_init((nint)device, 0);
        try
        {
            functions = new ReadOnlySpan<nint>(&backend->GetName, 16);
            Require(Pattern(functions) == "1100000011011000", "ggml_backend_i");
            Require(backend->Device == device, "ggml_backend");
        }
        finally
        {
            ggml_backend_free((nint)backend);
        }
    }

    private static string Pattern(ReadOnlySpan<nint> functions)
    {
        var pattern = "";
        foreach (var function in functions)
        {
            pattern += function == 0 ? '0' : '1';
        }
        return pattern;
    }

    /// <summary>Checks that a tensor lies as it is declared.</summary>
    internal static void CheckTensors()
    {
        Require(ggml_tensor_overhead() == (nuint)sizeof(Tensor) + 32, "ggml_tensor");
        var context = Context(1 << 16, noAlloc: true);
        try
        {
            var a = ggml_new_tensor_4d(context, TypeF32, 8, 5, 3, 2);
            var b = ggml_new_tensor_4d(context, TypeF32, 8, 7, 3, 2);
            var product = ggml_mul_mat(context, a, b);
            Require(
                product->From(0) == a
                    && product->From(1) == b
                    && product->From(2) == null
                    && (product->Extent[0], product->Extent[1], product->Extent[2]) == (5, 7, 3)
                    && (product->Stride[0], product->Stride[1], product->Stride[2]) == (4, 20, 140)
                    && product->Data == null,
                "ggml_tensor"
            );
        }
        finally
        {
            ggml_free(context);
        }
        var half = ggml_get_type_traits((int)GGMLType.GGML_TYPE_F16);
        Require(
            half->TypeName == ggml_type_name((int)GGMLType.GGML_TYPE_F16)
                && half->BlockSize == 1
                && half->TypeSize == 2
                && half->IsQuantized == 0,
            "ggml_type_traits"
        );
    }

    // Every slice of weights is multiplied with two of the input's, and every token of the input goes to two slices.
    private static (int, int) CheckType(ExactProducts products, int type)
    {
        var context = Context(2 << 20);
        try
        {
            var random = new Random(type);
            var weights = ggml_new_tensor_4d(context, type, Columns, Rows, Slices, 1);
            var input = ggml_new_tensor_4d(context, TypeF32, Columns, Choices, Tokens, 1);
            var ids = ggml_new_tensor_4d(context, TypeI32, Choices, Tokens, 1, 1);
            var w = Fill(weights, random);
            var x = new Span<float>(input->Data, Columns * Choices * Tokens);
            foreach (ref var value in x)
            {
                value = (float)((2 * random.NextDouble()) - 1);
            }
            var chosen = new Span<int>(ids->Data, Choices * Tokens);
            for (var i = 0; i < chosen.Length; i++)
            {
                // Of some types all slices are chosen, of others the first and the last.
                chosen[i] = type % 2 == 0 ? i % Slices : i % 2 * (Slices - 1);
            }
            var plain = ggml_mul_mat(context, weights, input);
            var byExperts = ggml_mul_mat_id(context, weights, input, ids);
            products.Compute(plain);
            products.Compute(byExperts);
            for (var column = 0; column < Choices * Tokens; column++)
            {
                var slice = column / Choices * Slices / Tokens;
                CheckColumn(type, plain, w, slice, x, column);
                CheckColumn(type, byExperts, w, chosen[column], x, column);
            }
            return (plain->Op, byExperts->Op);
        }
        finally
        {
            ggml_free(context);
        }
    }

    // Bytes below 64 make finite numbers of every type: their scales of 16 bits are below 2.
    private static float[] Fill(Tensor* weights, Random random)
    {
        var bytes = new Span<byte>(weights->Data, (int)(weights->Stride[2] * Slices));
        random.NextBytes(bytes);
        foreach (ref var value in bytes)
        {
            value &= 0x3F;
        }
        var floats = new float[Columns * Rows * Slices];
        fixed (float* destination = floats)
        {
            ggml_get_type_traits(weights->Type)->ToFloat(weights->Data, destination, floats.Length);
        }
        return floats;
    }

    private static void CheckColumn(
        int type,
        Tensor* product,
        float[] weights,
        int slice,
        Span<float> input,
        int column
    )
    {
        var x = input.Slice(column * Columns, Columns);
        for (var row = 0; row < Rows; row++)
        {
            var w = weights.AsSpan(((slice * Rows) + row) * Columns, Columns);
            var (sum, absolute) = (0.0, 0.0);
            for (var i = 0; i < Columns; i++)
            {
                sum += (double)w[i] * x[i];
                absolute += Math.Abs((double)w[i] * x[i]);
            }
            var have = ((float*)product->Data)[(column * Rows) + row];
            if (!(Math.Abs(have - sum) <= Tolerance * absolute))
            {
                throw Unfit($"a product with {TypeName(type)} weights is {have}, not {sum}");
            }
        }
    }

    private static string? TypeName(int type) => Marshal.PtrToStringUTF8(ggml_type_name(type));

    private static nint Context(int bytes, bool noAlloc = false) =>
        ggml_init(
            new InitParams { MemorySize = (nuint)bytes, NoAlloc = noAlloc ? (byte)1 : (byte)0 }
        );

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw Unfit($"{what} is not as ggml {Release} has it");
        }
    }

    private static NativeLibraryException Unfit(string why) =>
        new(
            $"exact arithmetic does not work with this llama.cpp: {why}; measure with --arithmetic library, or use a library that a LLamaSharp.Backend package brings"
        );
}
