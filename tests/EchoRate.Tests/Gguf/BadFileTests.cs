using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Tests.Gguf;

public sealed class BadFileTests
{
    private static readonly Dictionary<string, (byte[] Bytes, GgufProblemCode Code)> Table = new()
    {
        ["empty"] = ([], EmptyFile),
        ["text"] = (
            Encoding.ASCII.GetBytes("<!DOCTYPE html>\n<html><body>401 Unauthorized</body></html>"),
            TextFile
        ),
        ["LFS pointer"] = (
            Encoding.ASCII.GetBytes(
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
            ),
            LfsPointer
        ),
        ["other magic"] = (new RawHeader { Magic = [0x80, 2, 0, 1] }.Bytes(), BadMagic),
        ["two bytes"] = ([0x47, 0x00], BadMagic),
        ["magic alone"] = (Encoding.ASCII.GetBytes("GGUF"), HeaderTruncated),
        ["big endian"] = (new RawHeader { Version = 0x03000000 }.Bytes(), BigEndian),
        ["version 0"] = (new RawHeader { Version = 0 }.Bytes(), OldVersion),
        ["version 1"] = (new RawHeader { Version = 1 }.Bytes(), OldVersion),
        ["version 4"] = (new RawHeader { Version = 4 }.Bytes(), FutureVersion),
        ["too many keys"] = (new RawHeader { KeyCount = ulong.MaxValue }.Bytes(), LengthPastEnd),
        ["too many tensors"] = (new RawHeader { TensorCount = 1UL << 40 }.Bytes(), LengthPastEnd),
        ["fewer keys than said"] = (
            new RawHeader { KeyCount = 3, DataBytes = 40 }
                .Key("a", 0, (byte)1)
                .Bytes(),
            BadKey
        ),
        ["empty key"] = (Key("", 0, (byte)1), BadKey),
        ["duplicate key"] = (
            new RawHeader().Key("a", 0, (byte)1).Key("a", 0, (byte)2).Bytes(),
            DuplicateKey
        ),
        ["unknown value type"] = (Key("a", 13, (byte)1), UnknownValueType),
        ["unknown element type"] = (Key("a", 9, 77u, 0UL), UnknownValueType),
        ["nested array"] = (Key("a", 9, 9u, 1UL, 0u, 0UL), NestedArray),
        ["text past the end"] = (Key("a", 8, 1UL << 62), LengthPastEnd),
        ["array past the end"] = (Key("a", 9, 12u, 1UL << 61), LengthPastEnd),
        ["texts past the end"] = (Key("a", 9, 8u, 1UL << 31), LengthPastEnd),
        ["a text of an array past the end"] = (Key("a", 9, 8u, 1UL, ulong.MaxValue), LengthPastEnd),
        ["alignment 48"] = (Key("general.alignment", 4, 48u), BadAlignment),
        ["alignment 0"] = (Key("general.alignment", 4, 0u), BadAlignment),
        ["alignment of 64 bits"] = (Key("general.alignment", 10, 32UL), BadAlignment),
        ["tensor without name"] = (Tensor("", [1]), BadTensorName),
        ["long tensor name"] = (Tensor(new string('n', 64), [1]), BadTensorName),
        ["tensor name not UTF-8"] = (Tensor(new byte[] { 0xff }, [1]), BadTensorName),
        ["tensor name with zero"] = (Tensor("a\0b", [1]), BadTensorName),
        ["duplicate tensor"] = (
            new RawHeader { DataBytes = 64 }
                .Tensor("t", [1])
                .Tensor("t", [1], 0, 32)
                .Bytes(),
            DuplicateTensor
        ),
        ["no dimension"] = (Tensor("t", []), BadDimensions),
        ["five dimensions"] = (Tensor("t", [1, 1, 1, 1, 1]), BadDimensions),
        ["four billion dimensions"] = (
            Tensor("t", [1], dimensionCount: uint.MaxValue),
            BadDimensions
        ),
        ["dimension 0"] = (Tensor("t", [4, 0]), BadDimensions),
        ["negative dimension"] = (Tensor("t", [ulong.MaxValue]), BadDimensions),
        ["product overflow"] = (Tensor("t", [1UL << 32, 1UL << 32]), TensorTooLarge),
        ["bytes overflow"] = (Tensor("t", [1UL << 62], 28), TensorTooLarge),
        ["removed tensor type"] = (Tensor("t", [32], 4), UnknownTensorType),
        ["unknown tensor type"] = (Tensor("t", [32], 4000000000), UnknownTensorType),
        ["half a block"] = (Tensor("t", [48], 8), PartialBlock),
        ["misaligned"] = (
            new RawHeader { DataBytes = 64 }
                .Tensor("t", [1], 0, 8)
                .Bytes(),
            TensorMisaligned
        ),
        ["overlapping"] = (
            new RawHeader { DataBytes = 128 }
                .Tensor("t", [16])
                .Tensor("u", [1], 0, 32)
                .Bytes(),
            TensorsOverlap
        ),
        ["gap"] = (
            new RawHeader { DataBytes = 128 }
                .Tensor("t", [1])
                .Tensor("u", [1], 0, 64)
                .Bytes(),
            TensorGap
        ),
        ["data truncated"] = (
            new RawHeader { DataBytes = 8 }
                .Tensor("t", [16])
                .Bytes(),
            DataTruncated
        ),
        ["offset past any file"] = (
            new RawHeader { DataBytes = 8 }
                .Tensor("t", [1], 0, ulong.MaxValue - 31)
                .Bytes(),
            DataTruncated
        ),
    };

    public static TheoryData<string> Names() => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_file_is_refused_with_its_code(string name)
    {
        var (bytes, code) = Table[name];
        using var folder = new TemporaryFolder();
        var path = folder.Write("bad.gguf", bytes);
        Assert.False(GgufFile.TryRead(path, out _, out var problems));
        Assert.Contains(problems, p => p.Code == code && p.Severity == GgufSeverity.Error);
        Assert.All(problems, p => Assert.EndsWith(".", p.Message));
        var thrown = Assert.Throws<GgufException>(() => GgufFile.Read(path));
        var first = problems.First(p => p.Severity == GgufSeverity.Error);
        Assert.Equal($"{path}: {first.Message}", thrown.Message);
    }

    [Fact]
    public void A_prefix_of_a_sound_file_is_refused()
    {
        var whole = SmallModel.Llama().Bytes();
        using var folder = new TemporaryFolder();
        // Its structure, and then every seventh: no field is shorter but bytes. The last tensor takes 16 bytes and 16 of padding, which nobody reads.
        for (var length = 0; length < whole.Length - 16; length += length < 256 ? 1 : 7)
        {
            Assert.False(
                GgufFile.TryRead(folder.Write("cut.gguf", whole[..length]), out _, out var problems)
            );
            Assert.NotEmpty(problems);
        }
        Assert.True(GgufFile.TryRead(folder.Write("cut.gguf", whole[..^16]), out _, out _));
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var bytes = new RawHeader { DataBytes = 64 }
            .Key("a", 0, (byte)1)
            .Key("a", 0, (byte)1)
            .Tensor("t", [1], 4)
            .Tensor("u", [3], 8)
            .Bytes();
        var codes = SmallModel.Problems(bytes).Select(p => p.Code);
        Assert.Equal(
            [DuplicateKey, UnknownTensorType, PartialBlock, NoArchitecture, NoTokenizer],
            codes
        );
    }

    [Fact]
    public void The_list_of_problems_ends_at_a_hundred()
    {
        var header = new RawHeader { DataBytes = 64 };
        for (var i = 0; i < 500; i++)
        {
            header.Tensor($"t{i}", [1], 4);
        }
        var problems = SmallModel.Problems(header.Bytes());
        Assert.Equal(101, problems.Count);
        Assert.Equal(TooManyProblems, problems[^1].Code);
    }

    [Fact]
    public void What_is_no_readable_file_says_so()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(FileMissing, CodeOf(folder.At("absent.gguf")));
        Assert.Equal(FileMissing, CodeOf(Path.Combine(folder.At("absent"), "absent.gguf")));
        Assert.Equal(IsDirectory, CodeOf(Path.GetDirectoryName(folder.At("x"))!));
        Assert.Equal(FileMissing, CodeOf("bad\0name.gguf"));
    }

    [Fact]
    public void A_file_that_may_not_be_read_says_so()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "the superuser may read everything");
        using var folder = new TemporaryFolder();
        var path = folder.Write("secret.gguf", SmallModel.Llama().Bytes());
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Equal(NoPermission, CodeOf(path));
    }

    [Fact]
    public void A_device_or_pipe_is_not_waited_for()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "no /dev/zero here");
        Assert.Equal(EmptyFile, CodeOf("/dev/zero"));
    }

    [Fact]
    public void Twenty_gigabytes_are_read_in_milliseconds()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("big.gguf");
        // 32 Ki x 160 Ki numbers of 4 bytes; the header is written, the data left as a hole.
        var header = new MemoryStream();
        Assert.Throws<IOException>(() =>
            SmallModel
                .Llama()
                .AddTensor(
                    "big",
                    [32 << 10, 160 << 10],
                    GgufTensorType.F32,
                    _ => throw new IOException("a hole")
                )
                .Write(header)
        );
        const long Bytes = 20L << 30;
        using (var file = File.Create(path))
        {
            header.WriteTo(file);
            Assert.SkipUnless(
                IsSparse(file, header.Length + Bytes),
                "this file system has no sparse files"
            );
        }
        // It takes a few milliseconds; the limit is wide because a busy machine must not fail it.
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = GgufFile.Read(path);
        Assert.True(clock.ElapsedMilliseconds < 5000, $"{clock.ElapsedMilliseconds} ms");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Equal(Bytes, model.Tensor("big")!.ByteCount);
    }

    [Fact]
    public void A_header_without_end_stops_at_the_limit()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("zeros.gguf", Key("a", 9, 8u, 1UL << 31));
        using (var file = File.OpenWrite(path))
        {
            Assert.SkipUnless(IsSparse(file, 20L << 30), "this file system has no sparse files");
        }
        Assert.Equal(HeaderTooLarge, CodeOf(path));
    }

    private static byte[] Key(string key, uint type, params object[] value) =>
        new RawHeader().Key(key, type, value).Bytes();

    private static byte[] Tensor(
        object name,
        ulong[] dimensions,
        uint type = 0,
        ulong offset = 0,
        uint? dimensionCount = null
    ) =>
        new RawHeader { DataBytes = 32 }
            .Tensor(name, dimensions, type, offset, dimensionCount)
            .Bytes();

    private static GgufProblemCode CodeOf(string path)
    {
        Assert.False(GgufFile.TryRead(path, out var file, out var problems));
        Assert.Null(file);
        return Assert.Single(problems).Code;
    }

    // Where holes are not free, twenty gigabytes of zeros are no unit test.
    private static bool IsSparse(FileStream file, long length)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            return false;
        }
        try
        {
            file.SetLength(length);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
