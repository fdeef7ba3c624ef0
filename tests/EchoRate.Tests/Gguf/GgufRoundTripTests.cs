namespace EchoRate.Tests.Gguf;

public sealed class GgufRoundTripTests
{
    private const int Seed = 20251121;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_written_is_read_and_writes_the_same_bytes(int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var writer = RandomWriter(random);
        using var folder = new TemporaryFolder();
        writer.Write(folder.At("a.gguf"));
        GgufFile.TryRead(folder.At("a.gguf"), out var file, out var problems);
        Assert.NotNull(file);
        // Such a file is no model; it is a sound file all the same.
        Assert.All(
            problems,
            p => Assert.True(p.Code >= GgufProblemCode.NoArchitecture, p.ToString())
        );
        Assert.Equal(Said(writer.Metadata), Said(file.Metadata));
        Assert.Equal(File.ReadAllBytes(folder.At("a.gguf")), GgufCopy.Of(file).Bytes());
    }

    [Fact]
    public void All_value_types_answer_in_their_own_type_only()
    {
        var all = new GgufWriter()
            .Add("u8", GgufValue.Number<byte>(255))
            .Add("i8", GgufValue.Number<sbyte>(-1))
            .Add("u16", GgufValue.Number<ushort>(65535))
            .Add("i16", GgufValue.Number<short>(-2))
            .Add("u32", GgufValue.U32(uint.MaxValue))
            .Add("i32", GgufValue.Number<int>(-3))
            .Add("u64", GgufValue.Number<ulong>(ulong.MaxValue))
            .Add("i64", GgufValue.Number<long>(long.MinValue))
            .Add("f32", GgufValue.F32(0.1f))
            .Add("f64", GgufValue.Number<double>(0.1))
            .Add("bool", GgufValue.Bool(true))
            .Add("text", GgufValue.Text("ü"))
            .Metadata;
        Assert.Equal(
            [255L, -1L, 65535L, -2L, 4294967295L, -3L, null, long.MinValue, null, null, null, null],
            all.Entries.Select(e => e.Value.AsInteger())
        );
        Assert.Equal(18446744073709551615.0, all.Number("u64"));
        Assert.Equal(0.1f, (float)all.Number("f32")!);
        Assert.Null(all.Number("bool"));
        Assert.True(all.Bool("bool"));
        Assert.Null(all.Bool("u8"));
        Assert.Equal("ü", all.Text("text"));
        Assert.Null(all.Text("u8"));
        Assert.Null(all.Texts("text"));
        Assert.Null(all.WholeNumber("absent"));
        Assert.Equal("U32[2]", GgufValue.NumberArray<uint>([1, 2]).ToString());
        Assert.Equal([1u, 2u], GgufValue.NumberArray<uint>([1, 2]).AsSpan<uint>().ToArray());
        Assert.True(GgufValue.NumberArray<uint>([1, 2]).AsSpan<int>().IsEmpty);
        Assert.Throws<ArgumentException>(() => GgufValue.NumberArray<char>(['a']));
    }

    [Fact]
    public void Keys_can_be_replaced_and_taken_out()
    {
        var writer = new GgufWriter()
            .Add("a", GgufValue.Number<byte>(1))
            .Add("b", GgufValue.Number<byte>(2))
            .Add("c", GgufValue.Number<byte>(3));
        Assert.True(writer.Remove("a"));
        Assert.False(writer.Remove("a"));
        writer.Set("b", GgufValue.Number<byte>(9)).Add("a", GgufValue.Number<byte>(4));
        Assert.Equal(["b", "c", "a"], writer.Metadata.Entries.Select(e => e.Key));
        Assert.Equal(
            [9L, 3L, 4L],
            writer.Metadata.Entries.Select(e => writer.Metadata.WholeNumber(e.Key))
        );
    }

    private static IEnumerable<string> Said(GgufMetadata metadata) =>
        metadata.Entries.Select(entry => $"{entry.Key}: {entry.Value.Type} {entry.Value}");

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(Seed, 40)];

    private static GgufWriter RandomWriter(Random random)
    {
        var writer = new GgufWriter { Version = random.Next(2, 4) };
        if (random.Next(2) == 0)
        {
            writer.Add("general.alignment", GgufValue.U32(1u << random.Next(3, 9)));
        }
        for (var i = random.Next(12); i >= 0; i--)
        {
            writer.Add($"key.{i}.ä", RandomValue(random));
        }
        GgufTensorType[] types = [.. Enum.GetValues<GgufTensorType>()];
        for (var i = random.Next(8); i > 0; i--)
        {
            var type = types[random.Next(types.Length)];
            long[] shape =
            [
                type.BlockSize() * random.Next(1, 4),
                .. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(1, 4)),
            ];
            var data = new byte[
                type.RowBytes(shape[0]) * shape.Skip(1).Aggregate(1L, (p, n) => p * n)
            ];
            random.NextBytes(data);
            writer.AddTensor($"tensor.{i}", shape, type, data);
        }
        return writer;
    }

    private static GgufValue RandomValue(Random random)
    {
        byte[] Bytes()
        {
            var b = new byte[random.Next(40)];
            random.NextBytes(b);
            return b;
        }
        return random.Next(17) switch
        {
            0 => GgufValue.Number<byte>((byte)random.Next()),
            1 => GgufValue.Number<sbyte>((sbyte)random.Next()),
            2 => GgufValue.Number<ushort>((ushort)random.Next()),
            3 => GgufValue.Number<short>((short)random.Next()),
            4 => GgufValue.U32((uint)random.Next()),
            5 => GgufValue.Number<int>(random.Next()),
            6 => GgufValue.F32(random.NextSingle()),
            7 => GgufValue.Bool(random.Next(2) == 0),
            8 => GgufValue.Text(Bytes()),
            9 => GgufValue.Number<ulong>((ulong)random.NextInt64()),
            10 => GgufValue.Number<long>(random.NextInt64()),
            11 => GgufValue.Number<double>(random.NextDouble()),
            12 => GgufValue.NumberArray<byte>(Bytes()),
            13 => GgufValue.NumberArray<double>([.. Bytes().Select(b => b / 3.0)]),
            14 => GgufValue.NumberArray<bool>([.. Bytes().Select(b => b > 99)]),
            15 => GgufValue.NumberArray<long>([.. Bytes().Select(b => b * -7L)]),
            _ => GgufValue.TextArray(Enumerable.Range(0, random.Next(20)).Select(_ => Bytes())),
        };
    }
}
