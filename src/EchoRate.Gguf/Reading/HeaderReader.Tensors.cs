using System.Collections.Immutable;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <content>Tensor infos, and where their data must lie.</content>
internal sealed partial class HeaderReader
{
    private readonly HashSet<string> _tensorNames = new(StringComparer.Ordinal);

    // A tensor of which the sizes make no sense is left out of the list, and the layout is then not judged.
    private bool _layoutUnknown;

    private bool TryTensor(int index, List<GgufTensorInfo> tensors)
    {
        if (
            !TryTensorName(index, out var name)
            || !source.TryU32($"the dimension count of tensor '{name}'", out var dimensionCount)
        )
        {
            return false;
        }
        if (dimensionCount > GgufFormat.MaxDimensions)
        {
            return problems.Error(
                BadDimensions,
                $"Tensor '{name}' has {dimensionCount} dimensions; 1 to 4 are allowed."
            );
        }
        var dimensions = ImmutableArray.CreateBuilder<long>((int)dimensionCount);
        for (var i = 0; i < dimensionCount; i++)
        {
            if (!source.TryU64($"a dimension of tensor '{name}'", out var dimension))
            {
                return false;
            }
            dimensions.Add((long)dimension);
        }
        if (
            !source.TryU32($"the type of tensor '{name}'", out var type)
            || !source.TryU64($"the offset of tensor '{name}'", out var offset)
        )
        {
            return false;
        }
        var info = new GgufTensorInfo
        {
            Name = name,
            Dimensions = dimensions.ToImmutable(),
            Type = (GgufTensorType)type,
            Offset = (long)offset,
        };
        if (IsSound(info))
        {
            tensors.Add(info);
        }
        else
        {
            _layoutUnknown = true;
        }
        return true;
    }

    private bool TryTensorName(int index, out string name)
    {
        name = $"tensor {index}";
        if (!source.TryText($"the name of tensor {index}", out var bytes))
        {
            return false;
        }
        var text = Decode(bytes);
        if (
            bytes.Length is 0 or > GgufFormat.MaxTensorNameBytes
            || text is null
            || text.Contains('\0')
        )
        {
            problems.Error(
                BadTensorName,
                $"The name of tensor {index} has {bytes.Length} bytes; allowed are 1 to {GgufFormat.MaxTensorNameBytes} bytes of UTF-8 without zeros."
            );
            return true;
        }
        name = text;
        if (!_tensorNames.Add(name))
        {
            problems.Error(DuplicateTensor, $"The tensor '{name}' occurs twice.");
        }
        return true;
    }

    private bool IsSound(GgufTensorInfo info)
    {
        var shape = string.Join(" x ", info.Dimensions);
        if (info.Dimensions.IsEmpty || info.Dimensions.Any(n => n < 1))
        {
            return problems.Error(
                BadDimensions,
                $"Tensor '{info.Name}' has the shape ({shape}); 1 to 4 dimensions of at least 1 are allowed."
            );
        }
        if (!info.Type.IsKnown())
        {
            return problems.Error(
                UnknownTensorType,
                $"Tensor '{info.Name}' is of type {(uint)info.Type}, which llama.cpp does not read."
            );
        }
        if (info.Dimensions[0] % info.Type.BlockSize() != 0)
        {
            return problems.Error(
                PartialBlock,
                $"Tensor '{info.Name}' has rows of {info.Dimensions[0]}; {info.Type} needs a multiple of {info.Type.BlockSize()}."
            );
        }
        try
        {
            // Every sum of two such sizes still fits.
            if (info.ElementCount < long.MaxValue / 4 && info.ByteCount < long.MaxValue / 4)
            {
                return true;
            }
        }
        catch (OverflowException) { }
        return problems.Error(
            TensorTooLarge,
            $"Tensor '{info.Name}' of shape ({shape}) is larger than any file."
        );
    }

    private void CheckLayout(List<GgufTensorInfo> tensors, long dataOffset, long alignment)
    {
        if (_layoutUnknown)
        {
            return;
        }
        var available = source.FileBytes - dataOffset;
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
                $"The file has {source.FileBytes} bytes and its tensors need {dataOffset + needed}: truncated, from tensor '{firstCut}' on."
            );
        }
    }
}
