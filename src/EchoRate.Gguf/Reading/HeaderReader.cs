using System.Text;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Reads one file's header from top to bottom; stops only where what follows could not be understood any more.</summary>
internal sealed partial class HeaderReader(string path, HeaderSource source, ProblemList problems)
{
    // What the shortest entry takes: a length of 8, one byte of name, a type of 4, a value of 1.
    private const int LeastKeyBytes = 14;

    // Name, dimension count, one dimension, type, offset.
    private const int LeastTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

    private static readonly UTF8Encoding _strictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly GgufMetadata _metadata = new();

    /// <exception cref="HeaderEndsException">The header cannot be read to its end.</exception>
    internal GgufPart Read()
    {
        var version = Version();
        var tensorCount = source.Count("The tensor count", LeastTensorBytes);
        var keyCount = source.Count("The key count", LeastKeyBytes);
        for (var i = 0; i < keyCount; i++)
        {
            ReadEntry(i);
        }
        var alignment = Alignment();
        var tensors = new List<GgufTensorInfo>();
        for (var i = 0; i < tensorCount; i++)
        {
            ReadTensor(i, tensors);
        }
        var dataOffset = GgufFormat.Align(source.Position, alignment);
        if (!_layoutUnknown)
        {
            TensorLayout.Check(tensors, alignment, dataOffset, source.FileBytes, problems);
        }
        return new GgufPart(
            path,
            version,
            alignment,
            _metadata,
            tensors,
            !_layoutUnknown,
            dataOffset,
            source.FileBytes
        );
    }

    private int Version()
    {
        source.Into("the magic", stackalloc byte[4]);
        var raw = source.U32("the version");
        if (raw is >= GgufFormat.OldestVersion and <= GgufFormat.NewestVersion)
        {
            return (int)raw;
        }
        // A small number read in the wrong byte order has nothing in its lower half.
        throw raw != 0 && (raw & 0xffff) == 0
            ? problems.End(
                BigEndian,
                "The file was written for big-endian machines; only little-endian files are read."
            )
            : problems.End(
                raw < GgufFormat.OldestVersion ? OldVersion : FutureVersion,
                $"The file is of GGUF version {raw}; read are 2 and 3."
            );
    }

    private long Alignment()
    {
        if (_metadata[GgufFormat.AlignmentKey] is not { } value)
        {
            return GgufFormat.DefaultAlignment;
        }
        if (
            value.Type == GgufValueType.U32
            && value.AsInteger() is { } alignment
            && long.IsPow2(alignment)
        )
        {
            return alignment;
        }
        problems.Error(
            BadAlignment,
            $"{GgufFormat.AlignmentKey} is {value} ({value.Type}); it must be a U32 and a power of two."
        );
        return GgufFormat.DefaultAlignment;
    }

    private static string? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
