using System.Collections.Immutable;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <content>Tensor infos.</content>
internal sealed partial class HeaderReader
{
    private readonly HashSet<string> _tensorNames = new(StringComparer.Ordinal);

    // A tensor of which the sizes make no sense is left out of the list, and the layout is then not judged.
    private bool _layoutUnknown;

    private void ReadTensor(int index, List<GgufTensorInfo> tensors)
    {
        var name = TensorName(index);
        var dimensionCount = source.U32($"the dimension count of tensor '{name}'");
        if (dimensionCount > GgufFormat.MaxDimensions)
        {
            throw problems.End(
                BadDimensions,
                $"Tensor '{name}' has {dimensionCount} dimensions; 1 to 4 are allowed."
            );
        }
        var dimensions = ImmutableArray.CreateBuilder<long>((int)dimensionCount);
        for (var i = 0; i < dimensionCount; i++)
        {
            dimensions.Add((long)source.U64($"a dimension of tensor '{name}'"));
        }
        var info = new GgufTensorInfo
        {
            Name = name,
            Dimensions = dimensions.ToImmutable(),
            Type = (GgufTensorType)source.U32($"the type of tensor '{name}'"),
            Offset = (long)source.U64($"the offset of tensor '{name}'"),
        };
        if (ProblemOf(info) is var (code, message))
        {
            problems.Error(code, $"Tensor '{name}' {message}");
            _layoutUnknown = true;
        }
        else
        {
            tensors.Add(info);
        }
    }

    private string TensorName(int index)
    {
        var bytes = source.Text($"the name of tensor {index}");
        var name = Decode(bytes);
        if (
            bytes.Length is 0 or > GgufFormat.MaxTensorNameBytes
            || name is null
            || name.Contains('\0')
        )
        {
            problems.Error(
                BadTensorName,
                $"The name of tensor {index} has {bytes.Length} bytes; allowed are 1 to {GgufFormat.MaxTensorNameBytes} bytes of UTF-8 without zeros."
            );
            return $"tensor {index}";
        }
        if (!_tensorNames.Add(name))
        {
            problems.Error(DuplicateTensor, $"The tensor '{name}' occurs twice.");
        }
        return name;
    }

    private static (GgufProblemCode Code, string Message)? ProblemOf(GgufTensorInfo info)
    {
        var (dimensions, type) = (info.Dimensions, info.Type);
        if (dimensions.IsEmpty || dimensions.Any(n => n < 1))
        {
            return (
                BadDimensions,
                $"has the shape ({info.Shape}); 1 to 4 dimensions of at least 1 are allowed."
            );
        }
        if (!type.IsKnown())
        {
            return (UnknownTensorType, $"is of type {(uint)type}, which llama.cpp does not read.");
        }
        if (dimensions[0] % type.BlockSize() != 0)
        {
            return (
                PartialBlock,
                $"has rows of {dimensions[0]}; {type} needs a multiple of {type.BlockSize()}."
            );
        }
        return FitsAFile(info)
            ? null
            : (TensorTooLarge, $"of shape ({info.Shape}) is larger than any file.");
    }

    // Every sum of two such sizes still fits.
    private static bool FitsAFile(GgufTensorInfo info)
    {
        try
        {
            return info.ElementCount < long.MaxValue / 4 && info.ByteCount < long.MaxValue / 4;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
