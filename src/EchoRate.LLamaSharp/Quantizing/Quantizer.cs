using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Interop;
using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// Quantizes GGUF files in this process, as the program llama-quantize does. Whoever gives a tensor a type first makes sure that its rows are
/// whole blocks of it: llama.cpp writes past the end of its buffer where they are not.
/// </summary>
[SuppressMessage(
    "Performance",
    "CA1822:Mark members as static",
    Justification = "An instance is the proof that the libraries are loaded."
)]
public sealed class Quantizer(LLamaSharpLibrary library)
{
    // Types for which llama.cpp has no fallback where rows are not whole blocks of them (llama-quant.cpp, tensor_type_fallback).
    private static readonly string[] _withoutFallback =
    [
        .. "Q8_0 Q5_1 Q5_0 Q4_1 Q4_0 IQ4_NL MXFP4 Q1_0".Split(' '),
    ];

    /// <summary>What quantizes, with its version.</summary>
    public string Name => "llama.cpp " + library.Version;

    /// <summary>What <see cref="Quantize"/> would do, tensor by tensor: llama.cpp's dry run, which reads the header only.</summary>
    /// <exception cref="ArgumentException">A type's name is unknown.</exception>
    /// <exception cref="GgufException">The source is missing or unusable.</exception>
    /// <exception cref="EngineException">llama.cpp refused.</exception>
    public QuantizePlan Plan(QuantizeRequest request)
    {
        var source = Existing(request.Source);
        var unfit = UnfitRows(source, request.Type);
        var lines = new List<string>();
        // No file is opened for writing in a dry run.
        Run(source, source, request, unfit, dryRun: true, lines.Add);
        var plan = QuantizeLog.Plan(lines);
        var changed = plan.Tensors.Where(tensor => tensor.From != tensor.To);
        return plan with
        {
            Fallbacks =
            [
                .. plan.Fallbacks,
                .. unfit.IntersectBy(changed.Select(t => t.Name), f => f.Name),
            ],
        };
    }

    /// <summary>
    /// Writes beside the destination under a temporary name, checks, then renames: a file that stands there under its own name is whole.
    /// A native call cannot be stopped: on cancellation it is left behind on a thread of its own, and what it writes is removed.
    /// Let the process end soon after.
    /// </summary>
    /// <exception cref="ArgumentException">A type's name is unknown, or source and destination are one file.</exception>
    /// <exception cref="EngineException">llama.cpp refused or failed; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public void Quantize(QuantizeRequest request, CancellationToken cancellation = default)
    {
        var source = Existing(request.Source);
        var destination = Path.GetFullPath(request.Destination);
        if (source == destination)
        {
            throw new ArgumentException($"source and destination are the same file: {source}");
        }
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var output = new TemporaryOutput(destination);
            // A thread of its own, which does not keep the process alive.
            Task.Factory.StartNew(
                    () =>
                        Run(
                            source,
                            output.Path,
                            request,
                            UnfitRows(source, request.Type),
                            dryRun: false,
                            Hear
                        ),
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .Wait(cancellation);
            GgufFile.Read(output.Path);
            File.Move(output.Path, destination, request.Replace);
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                $"cannot write {destination}: {exception.Message}",
                exception
            );
        }

        void Hear(string line)
        {
            if (QuantizeLog.TensorOf(line) is { } tensor)
            {
                request.Progress?.Invoke(tensor);
            }
        }
    }

    private static string Existing(string path)
    {
        path = Path.GetFullPath(path);
        return File.Exists(path)
            ? path
            : throw new EngineException($"cannot quantize {path}: there is no such file");
    }

    // llama.cpp refuses the whole model for these. They become F16, as those of other types do in the end; vectors are never quantized.
    private static List<TensorFallback> UnfitRows(string source, string fileType)
    {
        var type = QuantizationTypes.MostTensors(fileType);
        if (!_withoutFallback.Contains(type.ToString()))
        {
            return [];
        }
        var block = type.BlockSize();
        return
        [
            .. GgufFile
                .Read(source)
                .Tensors.Where(tensor =>
                    tensor.Dimensions.Length > 1 && tensor.Dimensions[0] % block != 0
                )
                .Select(tensor => new TensorFallback(
                    tensor.Name,
                    tensor.Dimensions[0],
                    block,
                    type,
                    GgufTensorType.F16
                )),
        ];
    }

    private static void Run(
        string source,
        string output,
        QuantizeRequest request,
        IReadOnlyList<TensorFallback> unfit,
        bool dryRun,
        Action<string> receiver
    )
    {
        using var parameters = new NativeParameters(request, unfit, dryRun);
        using var log = new LogScope(receiver);
        if (MissingApi.llama_model_quantize(source, output, ref parameters.Value) != 0)
        {
            // A C++ stream knows no more than that it failed.
            throw log.LastError?.Contains("iostream error") == true
                ? new EngineException(
                    $"cannot write {request.Destination}: the disk is full, or failed"
                )
                : NativeFailure.Of("llama_model_quantize", source, log);
        }
    }
}
