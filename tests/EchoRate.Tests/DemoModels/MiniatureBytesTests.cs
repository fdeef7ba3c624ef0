using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EchoRate.Testing;

namespace EchoRate.Tests.DemoModels;

public sealed class MiniatureBytesTests
{
    // A change of the construction changes these; a change of platform must not.
    [Theory]
    [InlineData("mini-gemma", "fe07e66d34aea148d1daa42dc5d94f3bdc12b8802893f0c117cb30ba844223a0")]
    [InlineData("mini-gemma2", "e71bceeaf8ab9b24370adeed439867be6e18580746c6a297bf46a3cadb1b89c6")]
    [InlineData("mini-gemma3", "305f751444d2b658fc64b0ee4855cfaba3df352edfb886f99876565268bc371d")]
    [InlineData(
        "mini-gpt-oss-mxfp4",
        "931f06939f702f1663c109bf353ecb126548584328f89f69dabb0cf91e5580a0"
    )]
    [InlineData("mini-gpt-oss", "40d17eb9dad41634c46bf04c09c28333ab66853086575a5b87ae548900be8ff4")]
    [InlineData("mini-qwen3", "6a5ce2800dbf9c30207c406a21470fb3af8a84cf649f9e576f59ab67a7a29d77")]
    [InlineData("mini-llama", "868a9e128bc56703fdd8a81f4ae54f059ff3058337aa915cb9f62a4d22f9db4e")]
    public void A_miniature_is_the_same_file_everywhere(string name, string sha256) =>
        Assert.Equal(
            sha256,
            Convert.ToHexStringLower(SHA256.HashData(MiniatureFile.Bytes(Get(name))))
        );

    [Fact]
    public void All_miniatures_are_small_and_quickly_built()
    {
        var clock = Stopwatch.StartNew();

        Assert.All(
            Miniatures.All,
            miniature => Assert.InRange(MiniatureFile.Bytes(miniature).Length, 500_000, 6_000_000)
        );

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    // By the format's own table, in a decoder of the test's own: 32 numbers, a scale, low halves first.
    [Fact]
    public void The_experts_are_the_same_numbers_in_mxfp4_as_in_f16()
    {
        foreach (var tensor in (string[])["ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"])
        {
            var name = $"blk.1.{tensor}.weight";
            var expected = MiniatureFile.Look(
                Miniatures.GptOssF16.Write,
                file => MemoryMarshal.Cast<byte, Half>(file.Data(name)).ToArray()
            );
            var blocks = MiniatureFile.Look(Miniatures.GptOss.Write, file => file.Data(name));

            Assert.Contains(expected, value => value != (Half)0);
            Assert.Equal(expected.Select(value => (double)value), Decode(blocks));
        }
    }

    private static IEnumerable<double> Decode(byte[] blocks)
    {
        double[] magnitudes = [0, 0.5, 1, 1.5, 2, 3, 4, 6];
        foreach (var block in blocks.Chunk(17))
        {
            var scale = Math.Pow(2, block[0] - 127);
            var codes = block.Skip(1).Select(b => b & 15).Concat(block.Skip(1).Select(b => b >> 4));
            foreach (var code in codes)
            {
                yield return magnitudes[code & 7] * scale * (code < 8 ? 1 : -1);
            }
        }
    }

    private static Miniature Get(string name) =>
        Miniatures.All.Single(miniature => miniature.Name == name);
}
