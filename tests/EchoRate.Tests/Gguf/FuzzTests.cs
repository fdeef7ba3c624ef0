using System.Diagnostics;
using EchoRate.Core.Models;
using EchoRate.Gguf;

namespace EchoRate.Tests.Gguf;

/// <summary>Whatever the bytes, the reader ends soon, with little memory, and without an exception.</summary>
public sealed class FuzzTests
{
    private const int Seed = 4711;

    [Fact]
    public void Random_bytes_behind_a_good_beginning_do_no_harm() =>
        Run(
            (random, _) =>
            {
                var body = new byte[random.Next(400)];
                random.NextBytes(body);
                // Mostly small numbers: those get further than noise does.
                for (var i = 0; i < body.Length; i++)
                {
                    body[i] = random.Next(4) > 0 ? (byte)0 : (byte)(body[i] % 14);
                }
                return
                [
                    .. "GGUF"u8,
                    3,
                    0,
                    0,
                    0,
                    (byte)random.Next(4),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    (byte)random.Next(6),
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    .. body,
                ];
            }
        );

    [Fact]
    public void Mutated_models_do_no_harm() =>
        Run(
            (random, whole) =>
            {
                var bytes = (byte[])whole.Clone();
                for (var n = random.Next(1, 6); n > 0; n--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)(
                        random.Next(3) switch
                        {
                            0 => 0,
                            1 => 0xff,
                            _ => random.Next(256),
                        }
                    );
                }
                return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
            }
        );

    [Fact]
    public void Huge_numbers_anywhere_do_no_harm() =>
        Run(
            (random, whole) =>
            {
                var bytes = (byte[])whole.Clone();
                var at = random.Next(4, bytes.Length - 8);
                var value = random.Next(4) switch
                {
                    0 => ulong.MaxValue,
                    1 => 1UL << 63,
                    2 => 1UL << random.Next(20, 63),
                    _ => (ulong)random.NextInt64(),
                };
                BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
                return bytes;
            }
        );

    private static void Run(Func<Random, byte[], byte[]> make)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var whole = SmallModel.Llama().Bytes();
        using var folder = new TestFolder();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 3000; i++)
        {
            var bytes = make(random, whole);
            var path = folder.Save("fuzz.gguf", bytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var isSound = GgufFile.TryRead(path, out var file, out var problems);
            if (file is not null)
            {
                _ = ModelFacts.From(file);
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(
                allocated < 2 << 20,
                $"round {i}: {allocated} bytes allocated for a file of {bytes.Length}"
            );
            Assert.Equal(isSound, problems.All(p => p.Severity == GgufSeverity.Warning));
        }
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{clock.Elapsed}");
    }
}
