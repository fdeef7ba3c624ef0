using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;
using EchoRate.Llama.Logging;

namespace EchoRate.Llama.Quantizing;

/// <summary>Quantizes GGUF files in this process, as the program llama-quantize does.</summary>
public sealed class LlamaQuantizer
{
    /// <summary>A quantizer on the libraries of this process.</summary>
    public LlamaQuantizer(LlamaLibrary library) => ArgumentNullException.ThrowIfNull(library);

    /// <summary>
    /// Writes beside the destination under a temporary name, then renames: a file that stands there under its own name is whole.
    /// </summary>
    /// <exception cref="ArgumentException">A type's name is unknown, or source and destination are one file.</exception>
    /// <exception cref="EngineException">llama.cpp refused or failed; nothing is left behind.</exception>
#pragma warning disable CA1822 // The library must be loaded: asking for it in the constructor says so.
    public void Quantize(QuantizeRequest request)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(request);
        var parameters = Parameters(request);
        var source = Path.GetFullPath(request.Source);
        var destination = Path.GetFullPath(request.Destination);
        if (source == destination)
        {
            throw new ArgumentException($"source and destination are the same file: {source}");
        }

        if (!File.Exists(source))
        {
            throw new EngineException($"cannot quantize {source}: there is no such file");
        }

        var temporary = $"{destination}.{Environment.ProcessId}.part";
        try
        {
            Run(source, temporary, parameters, request.Log);
            File.Move(temporary, destination, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                $"cannot write {destination}: {exception.Message}",
                exception
            );
        }
        finally
        {
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }
        }
    }

    private static llama_model_quantize_params Parameters(QuantizeRequest request)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(request.Threads);
        var parameters = LlamaApi.llama_model_quantize_default_params();
        parameters.ftype = QuantizationNames.Type(request.Type);
        parameters.token_embedding_type = QuantizationNames.TensorType(request.TokenEmbeddingType);
        parameters.output_tensor_type = QuantizationNames.TensorType(request.OutputType);
        parameters.nthread = request.Threads == 0 ? PhysicalCores.Count : request.Threads;
        parameters.allow_requantize = request.AllowRequantize;
        return parameters;
    }

    private static unsafe void Run(
        string source,
        string destination,
        llama_model_quantize_params parameters,
        Action<string>? receiver
    )
    {
        using var log = new LogScope(receiver);
        if (LlamaApi.llama_model_quantize(source, destination, &parameters) != 0)
        {
            throw NativeFailure.Of("llama_model_quantize", source, log);
        }
    }
}
