using System.Text;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Reads one file's header from top to bottom; stops only where what follows could not be understood any more.</summary>
internal sealed partial class HeaderReader(HeaderSource source, ProblemList problems)
{
    // What the shortest entry takes: a length of 8, one byte of name, a type of 4, a value of 1.
    private const int LeastKeyBytes = 14;

    // Name, dimension count, one dimension, type, offset.
    private const int LeastTensorBytes = 8 + 1 + 4 + 8 + 4 + 8;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly GgufMetadata _metadata = new();

    internal bool TryRead(out PartHeader? header)
    {
        header = null;
        if (
            !TryVersion(out var version)
            || !source.TryCount("The tensor count", LeastTensorBytes, out var tensorCount)
            || !source.TryCount("The key count", LeastKeyBytes, out var keyCount)
        )
        {
            return false;
        }
        for (var i = 0; i < keyCount; i++)
        {
            if (!TryEntry(i))
            {
                return false;
            }
        }
        var alignment = Alignment();
        var tensors = new List<GgufTensorInfo>();
        for (var i = 0; i < tensorCount; i++)
        {
            if (!TryTensor(i, tensors))
            {
                return false;
            }
        }
        var dataOffset = GgufFormat.Align(source.Position, alignment);
        CheckLayout(tensors, dataOffset, alignment);
        header = new PartHeader(
            version,
            alignment,
            _metadata,
            tensors,
            !_layoutUnknown,
            dataOffset,
            source.FileBytes
        );
        return true;
    }

    private bool TryVersion(out int version)
    {
        version = 0;
        Span<byte> magic = stackalloc byte[4];
        if (!source.TryInto("the magic", magic))
        {
            return false;
        }
        if (!magic.SequenceEqual(GgufFormat.Magic))
        {
            return problems.Error(
                BadMagic,
                $"The file begins with the bytes {Convert.ToHexStringLower(magic)}, not with 47475546 (GGUF)."
            );
        }
        if (!source.TryU32("the version", out var raw))
        {
            return false;
        }
        version = (int)raw;
        return raw switch
        {
            >= GgufFormat.OldestVersion and <= GgufFormat.NewestVersion => true,
            // A small number read in the wrong byte order has nothing in its lower half.
            not 0 when (raw & 0xffff) == 0 => problems.Error(
                BigEndian,
                "The file was written for big-endian machines; only little-endian files are read."
            ),
            < GgufFormat.OldestVersion => problems.Error(
                OldVersion,
                $"The file is of GGUF version {raw}; read are 2 and 3."
            ),
            _ => problems.Error(
                FutureVersion,
                $"The file is of GGUF version {raw}; read are 2 and 3."
            ),
        };
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
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
