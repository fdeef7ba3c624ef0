using System.Runtime.ExceptionServices;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Interop;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// Quantizes GGUF files in this process, as the program llama-quantize does. Whoever asks for a type by name first makes sure that rows are
/// whole blocks of it (<c>LadderPlanner</c>): llama.cpp writes past the end of its buffer where they are not.
/// </summary>
public sealed class Quantizer
{
    /// <summary>A quantizer on the libraries of this process.</summary>
    public Quantizer(LLamaSharpLibrary library) => ArgumentNullException.ThrowIfNull(library);

    /// <summary>What <see cref="Quantize"/> would do, tensor by tensor: llama.cpp's dry run, which reads the header only.</summary>
    /// <exception cref="ArgumentException">A type's name is unknown.</exception>
    /// <exception cref="GgufException">The source is missing or unusable.</exception>
    /// <exception cref="EngineException">llama.cpp refused.</exception>
#pragma warning disable CA1822 // The library must be loaded: asking for it in the constructor says so.
    public QuantizePlan Plan(QuantizeRequest request)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(request);
        var source = Existing(request.Source);
        var heard = new QuantizeLog();
        void Hear(string line)
        {
            heard.Hear(line);
            request.Log?.Invoke(line);
        }

        var unfit = UnfitRows.Of(source, request.Type);
        // No file is opened for writing in a dry run.
        Run(source, source, request, unfit, dryRun: true, Hear);
        var changed = heard
            .Plan.Tensors.Where(tensor => tensor.From != tensor.To)
            .Select(tensor => tensor.Name)
            .ToHashSet();
        return heard.Plan with
        {
            Fallbacks =
            [
                .. heard.Plan.Fallbacks,
                .. unfit.Where(fallback => changed.Contains(fallback.Name)),
            ],
        };
    }

    /// <summary>
    /// Writes beside the destination under a temporary name, then renames: a file that stands there under its own name is whole.
    /// A native call cannot be stopped: on cancellation it is left behind on a thread of its own, and what it writes is removed.
    /// Let the process end soon after.
    /// </summary>
    /// <exception cref="ArgumentException">A type's name is unknown, or source and destination are one file.</exception>
    /// <exception cref="EngineException">llama.cpp refused or failed; nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
#pragma warning disable CA1822
    public void Quantize(QuantizeRequest request, CancellationToken cancellation = default)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(request);
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
            RunAside(source, output.Path, request).Wait(cancellation);
            request.Verify?.Invoke(output.Path);
            output.Commit(request.Replace);
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
    }

    // On a thread that does not keep the process alive.
    private static Task RunAside(string source, string output, QuantizeRequest request)
    {
        var end = new TaskCompletionSource();
        void Hear(string line)
        {
            request.Log?.Invoke(line);
            if (QuantizeLog.TensorOf(line) is { } tensor)
            {
                request.Progress?.Invoke(tensor);
            }
        }

        var thread = new Thread(() =>
        {
            try
            {
                Run(
                    source,
                    output,
                    request,
                    UnfitRows.Of(source, request.Type),
                    dryRun: false,
                    Hear
                );
                end.SetResult();
            }
#pragma warning disable CA1031 // Whatever it is, it is thrown again on the thread that waits.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                end.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "llama_model_quantize",
        };
        thread.Start();
        return end.Task;
    }

    private static string Existing(string path)
    {
        path = Path.GetFullPath(path);
        return File.Exists(path)
            ? path
            : throw new EngineException($"cannot quantize {path}: there is no such file");
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
            throw Failure(source, request.Destination, log);
        }
    }

    // A C++ stream knows no more than that it failed.
    private static EngineException Failure(string source, string destination, LogScope log) =>
        log.LastError?.Contains("iostream error", StringComparison.Ordinal) == true
            ? new($"cannot write {destination}: the disk is full, or failed")
            : NativeFailure.Of("llama_model_quantize", source, log);
}
