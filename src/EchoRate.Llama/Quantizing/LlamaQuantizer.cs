using System.Globalization;
using System.Text;
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
        CheckRows(source, parameters, log);
        if (LlamaApi.llama_model_quantize(source, destination, &parameters) != 0)
        {
            throw NativeFailure.Of("llama_model_quantize", source, log);
        }
    }

    // A type that llama.cpp chooses itself gives way where a row is not whole blocks of it; one that is asked for does not, and
    // v0.4.0 and v0.5.0 then write past the end of their buffer. Rows of the embedding and of the output head are n_embd long.
    private static void CheckRows(
        string source,
        llama_model_quantize_params parameters,
        LogScope log
    )
    {
        ggml_type[] asked =
        [
            .. new[] { parameters.token_embedding_type, parameters.output_tensor_type }.Where(
                type => type != ggml_type.GGML_TYPE_COUNT
            ),
        ];
        if (asked.Length == 0)
        {
            return;
        }

        var options = LlamaApi.llama_model_default_params();
        options.vocab_only = true;
        using var model = LlamaApi.llama_model_load_from_file(source, options);
        if (model.IsInvalid)
        {
            throw NativeFailure.Of("llama_model_load_from_file", source, log);
        }

        var row = EmbeddingLength(model);
        foreach (var type in asked.Where(type => row % LlamaApi.ggml_blck_size(type) != 0))
        {
            throw new EngineException(
                $"cannot quantize {source}: rows of {row} values are not whole blocks of {LlamaApi.ggml_blck_size(type)}, "
                    + $"which {type.ToString()["GGML_TYPE_".Length..]} needs; choose another type"
            );
        }
    }

    // From the metadata: of a model loaded for its vocabulary only, llama_model_n_embd answers 0.
    private static int EmbeddingLength(ModelHandle model) =>
        int.TryParse(
            Metadata(model, $"{Metadata(model, "general.architecture")}.embedding_length"),
            CultureInfo.InvariantCulture,
            out var length
        )
            ? length
            : throw new EngineException("the file does not say its embedding_length");

    private static string Metadata(ModelHandle model, string key)
    {
        Span<byte> buffer = stackalloc byte[256];
        var length = LlamaApi.llama_model_meta_val_str(model, key, buffer, (nuint)buffer.Length);
        return length < 0
            ? ""
            : Encoding.UTF8.GetString(buffer[..Math.Min(length, buffer.Length - 1)]);
    }
}
