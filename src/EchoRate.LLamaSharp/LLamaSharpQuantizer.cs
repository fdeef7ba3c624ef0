using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using LLama.Native;

namespace EchoRate.LLamaSharp;

/// <summary>Quantizes a model file through LLamaSharp. What the program itself quantizes, it quantizes with the default engine's library.</summary>
public static class LLamaSharpQuantizer
{
    /// <summary>Writes a quantized copy of a file.</summary>
    /// <param name="library">The libraries of this process.</param>
    /// <param name="source">The file.</param>
    /// <param name="destination">The copy.</param>
    /// <param name="type">What most tensors become.</param>
    /// <param name="threads">Threads, 1 or more.</param>
    /// <exception cref="EngineException">llama.cpp refused.</exception>
    public static void Quantize(
        LLamaSharpLibrary library,
        string source,
        string destination,
        LLamaFtype type,
        int threads
    )
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        SessionRules.CheckFile(source);

        // LLamaSharp's own LLamaQuantizer leaves the output tensor as it is, unlike llama.cpp.
        var parameters = LLamaModelQuantizeParams.Default();
        parameters.ftype = type;
        parameters.nthread = threads;
        parameters.quantize_output_tensor = true;
        using var log = new LogScope(receiver: null);
        if (NativeApi.llama_model_quantize(source, destination, ref parameters) != 0)
        {
            throw NativeFailure.Of("llama_model_quantize", source, log);
        }
    }
}
