using System.Text;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>The quantizations of one model: what is there, what is to be made, and what that takes.</summary>
/// <param name="Source">The model.</param>
/// <param name="OutFolder">The folder of the new files, made when the first file is.</param>
/// <param name="Files">All files that were asked for, in that order.</param>
/// <param name="FreeBytes">Bytes that the disk has; null where the system does not say.</param>
internal sealed record QuantizeJob(
    GgufFile Source,
    string OutFolder,
    IReadOnlyList<PlannedFile> Files,
    long? FreeBytes
)
{
    /// <summary>Those that are to be made.</summary>
    public IReadOnlyList<PlannedFile> ToMake =>
        [.. Files.Where(file => file.State is FileState.Missing or FileState.Outdated)];

    /// <summary>Bytes that they take.</summary>
    public long BytesToMake => ToMake.Sum(file => file.FileBytes);

    /// <summary>Makes what is missing or outdated, one file after the other.</summary>
    /// <exception cref="OperationCanceledException">Stopped on request: files that were done stay, the one in work is gone.</exception>
    public void Make(
        Quantizer quantizer,
        QuantizeProgress? progress,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(OutFolder);
        foreach (var (index, file) in ToMake.Index())
        {
            progress?.Begin(this, file, index + 1);
            quantizer.Quantize(
                file.Request with
                {
                    Progress = progress is null ? null : progress.Done,
                },
                cancellation
            );
            progress?.End(file);
        }
    }
}

/// <summary>One file of a job, as it will be.</summary>
/// <param name="State">What is to be done about it.</param>
/// <param name="Request">How it is made.</param>
/// <param name="Plan">What llama.cpp makes of each tensor.</param>
/// <param name="FileBytes">Bytes that it takes on the disk; right but for a few dozen bytes of metadata.</param>
/// <param name="BitsPerWeight">Bits that one number takes on average.</param>
internal sealed record PlannedFile(
    FileState State,
    QuantizeRequest Request,
    QuantizePlan Plan,
    long FileBytes,
    double BitsPerWeight
)
{
    public string Path => Request.Destination;

    /// <summary>Its name without folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>A new file, weighed by the plan's types and the source's header.</summary>
    public static PlannedFile Of(
        GgufFile source,
        FileState state,
        QuantizeRequest request,
        QuantizePlan plan
    )
    {
        var tensors = plan
            .Tensors.Select(planned =>
                (source.Tensor(planned.Name)! with { Type = planned.To }).ByteCount
            )
            .ToList();
        // The new header is the source's, with our texts; llama.cpp pads every tensor to 32 bytes, whatever the source says.
        var header =
            source.Parts.Sum(part => part.DataOffset)
            + request.Texts.Sum(text =>
                KeyBytes(source, text.Key, 8 + Encoding.UTF8.GetByteCount(text.Value))
            )
            + KeyBytes(source, "general.file_type", 4)
            + KeyBytes(source, "general.quantization_version", 4);
        return new PlannedFile(
            state,
            request,
            plan,
            Padded(header) + tensors.Sum(Padded),
            tensors.Sum() * 8.0 / source.Tensors.Sum(tensor => tensor.ElementCount)
        );
    }

    // A text's length, the key, the number of its type, the value.
    private static long KeyBytes(GgufFile source, string key, int value) =>
        source.Metadata.Has(key) ? 0 : 8 + Encoding.UTF8.GetByteCount(key) + 4 + value;

    private static long Padded(long bytes) => (bytes + 31) / 32 * 32;
}

/// <summary>What is to be done about a file of a job.</summary>
internal enum FileState
{
    /// <summary>It is not there: make it.</summary>
    Missing,

    /// <summary>It is there, made from an earlier content of the same source: make it again.</summary>
    Outdated,

    /// <summary>It is there, made from this source with these options.</summary>
    Here,

    /// <summary>It is the source itself.</summary>
    IsSource,
}
