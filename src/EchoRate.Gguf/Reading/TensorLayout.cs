using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Where tensors' data must lie: one behind the other, aligned, within the file.</summary>
internal static class TensorLayout
{
    internal static void Check(
        List<GgufTensorInfo> tensors,
        long alignment,
        long dataOffset,
        long fileBytes,
        ProblemList problems
    )
    {
        var available = fileBytes - dataOffset;
        var expected = 0L;
        string? firstCut = null;
        var needed = 0L;
        foreach (var info in tensors)
        {
            // As unsigned: an offset of 2^63 and above is past every end.
            if (info.Offset < 0 || info.Offset > long.MaxValue / 4)
            {
                problems.Error(
                    DataTruncated,
                    $"Tensor '{info.Name}' begins at {(ulong)info.Offset}, past the end of any file."
                );
                return;
            }
            if (info.Offset % alignment != 0)
            {
                problems.Error(
                    TensorMisaligned,
                    $"Tensor '{info.Name}' begins at {info.Offset}, not at a multiple of {alignment}."
                );
            }
            else if (info.Offset < expected)
            {
                problems.Error(
                    TensorsOverlap,
                    $"Tensor '{info.Name}' begins at {info.Offset}, before the one in front of it ends at {expected}."
                );
            }
            else if (info.Offset > expected)
            {
                problems.Error(
                    TensorGap,
                    $"Tensor '{info.Name}' begins at {info.Offset}; llama.cpp demands {expected}, where the one in front of it ends."
                );
            }
            var end = info.Offset + info.ByteCount;
            needed = Math.Max(needed, end);
            firstCut ??= end > available ? info.Name : null;
            expected = GgufFormat.Align(end, alignment);
        }
        if (firstCut is not null)
        {
            problems.Error(
                DataTruncated,
                $"The file has {fileBytes} bytes and its tensors need {dataOffset + needed}: truncated, from tensor '{firstCut}' on."
            );
        }
    }
}
