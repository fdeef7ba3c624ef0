using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using LLama.Native;
using static EchoRate.LLamaSharp.Interop.Ggml;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>
/// Sees the nodes of a context's graph as llama.cpp computes them (<c>cb_eval</c>), and reads or overwrites those that carry the residual after
/// a layer, or its attention. It knows llama.cpp's names for them (src/models/*.cpp, src/llama-graph.cpp): <c>l_out-N</c>, and for the input
/// <c>embd</c>, or what an architecture makes of it before its first layer; <c>kq-N</c> and <c>kq_soft_max-N</c>. Every backend's tensors are read alike. Free it
/// after the context.
/// </summary>
internal sealed unsafe class GraphTap : IDisposable
{
    /// <summary>Stands for the input embedding among the layers.</summary>
    internal const int Input = -1;

    private readonly GCHandle _self;
    private Action<nint, int>? _onResidual;
    private Action<AttentionNode>? _onAttention;
    private bool _withScores;
    private (nint Of, float[] Values) _scores;
    private int? _only;
    private Exception? _failure;

    internal GraphTap() => _self = GCHandle.Alloc(this);

    /// <summary>Has a context that is made with these parameters show its nodes.</summary>
    internal void AttachTo(ref LLamaContextParams parameters)
    {
        parameters.cb_eval = (nint)(delegate* unmanaged[Cdecl]<nint, byte, nint, byte>)&OnNode;
        parameters.cb_eval_user_data = GCHandle.ToIntPtr(_self);
    }

    /// <summary>Shows the residuals of all layers, and what each attends to before the layer goes on with it, while something is decoded.</summary>
    /// <param name="decode">Decodes.</param>
    /// <param name="onResidual">
    /// Is given the tensor of floats, token after token, and its layer. Where the input is scaled, that comes after the node without: the last one counts.
    /// </param>
    /// <param name="onAttention">Is given each layer's attention.</param>
    /// <param name="withScores">Whether that has the scores too; llama.cpp puts the weights in their place.</param>
    /// <param name="onHidden">Is told where a node is not what was expected, which then is no error.</param>
    internal void Watch(
        Action decode,
        Action<nint, int>? onResidual,
        Action<AttentionNode>? onAttention = null,
        bool withScores = false,
        Action? onHidden = null
    )
    {
        (_onResidual, _onAttention, _failure) = (onResidual, onAttention, null);
        _withScores = withScores;
        try
        {
            decode();
        }
        finally
        {
            (_onResidual, _onAttention, _withScores, _scores) = (null, null, false, default);
        }
        if (_failure is InvalidOperationException && onHidden is not null)
        {
            onHidden();
        }
        else if (_failure is { } failure)
        {
            throw new EngineException($"cannot look into the layers: {failure.Message}", failure);
        }
    }

    /// <summary>Puts other residuals after a layer while something is decoded.</summary>
    internal void Write(int layer, float[] values, Action decode)
    {
        var isWritten = false;
        _only = layer;
        try
        {
            Watch(
                decode,
                (tensor, _) =>
                {
                    Overwrite(tensor, values);
                    isWritten = true;
                }
            );
        }
        finally
        {
            _only = null;
        }
        if (!isWritten)
        {
            throw new EngineException($"llama.cpp's graph shows no node l_out-{layer}");
        }
    }

    public void Dispose() => _self.Free();

    /// <summary>All values of a tensor of floats.</summary>
    internal static float[] Values(nint tensor)
    {
        float[] values = [];
        Values(tensor, ref values);
        return values;
    }

    /// <summary>The same, in a buffer that grows where it must.</summary>
    internal static Span<float> Values(nint tensor, ref float[] buffer)
    {
        var count = (int)ggml_nelements(tensor);
        CheckSize(tensor, count);
        buffer = buffer.Length < count ? new float[count] : buffer;
        fixed (float* to = buffer)
        {
            ggml_backend_tensor_get(tensor, to, 0, ggml_nbytes(tensor));
        }
        return buffer.AsSpan(0, count);
    }

    /// <summary>Puts other values in place of all of a tensor's.</summary>
    internal static void Overwrite(nint tensor, float[] values)
    {
        CheckSize(tensor, values.Length);
        fixed (float* from = values)
        {
            ggml_backend_tensor_set(tensor, from, 0, ggml_nbytes(tensor));
        }
    }

    /// <summary>Whether a tensor is of floats, one after another.</summary>
    internal static bool HasFloats(nint tensor) =>
        ggml_nbytes(tensor) == (nuint)ggml_nelements(tensor) * sizeof(float);

    private static void CheckSize(nint tensor, int values)
    {
        if (ggml_nbytes(tensor) != (nuint)values * sizeof(float))
        {
            throw new InvalidOperationException(
                $"{Marshal.PtrToStringUTF8(ggml_get_name(tensor))} has {ggml_nbytes(tensor)} bytes where {values} floats were expected"
            );
        }
    }

    // Asked first whether a node is wanted, and called again when it is computed; 0 then would end the graph, and decoding would answer that all
    // is well. An exception must not cross native code.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnNode(nint tensor, byte isQuestion, nint self)
    {
        var tap = (GraphTap)GCHandle.FromIntPtr(self).Target!;
        try
        {
            if (tap.SeerOf(tensor) is not { } see)
            {
                return isQuestion == 0 ? (byte)1 : (byte)0;
            }
            if (isQuestion == 0)
            {
                see(tensor);
            }
        }
        catch (Exception e)
        {
            tap._failure ??= e;
        }
        return 1;
    }

    // What is to be done with a node when it is computed; null where it is of no interest.
    private Action<nint>? SeerOf(nint node)
    {
        var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)ggml_get_name(node));
        if (_onResidual is { } onResidual && ResidualLayer(name) is { } after)
        {
            return _only is null || _only == after ? tensor => onResidual(tensor, after) : null;
        }
        if (_onAttention is { } onAttention && NumberBehind("kq_soft_max-"u8, name) is { } layer)
        {
            return tensor =>
            {
                var weights = (Tensor*)tensor;
                var scores = (nint)weights->From(0) == _scores.Of ? _scores.Values : null;
                onAttention(new AttentionNode(weights, layer, scores));
            };
        }
        return _withScores && NumberBehind("kq-"u8, name) is not null
            ? tensor => _scores = (tensor, Values(tensor))
            : null;
    }

    private static int? ResidualLayer(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("embd"u8) || name.SequenceEqual("inp_scaled"u8)
            ? Input
            : NumberBehind("l_out-"u8, name);

    private static int? NumberBehind(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name) =>
        name.StartsWith(prefix)
        && Utf8Parser.TryParse(name[prefix.Length..], out int layer, out var digits)
        && prefix.Length + digits == name.Length
            ? layer
            : null;
}
