using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EchoRate.Core.Models;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.Testing;
using EchoRate.Tests.Hub;

namespace EchoRate.Tests.DemoModels;

public sealed class ConstructedBytesTests
{
    // A change of the construction changes these; a change of platform must not.
    [Theory]
    [InlineData("demo-echo", "e9ca992f874b050a5957e74cda2cef214591e20220cf724021d99c8a478c265c")]
    [InlineData("demo-plain", "113674d6433017041216bafe622c89313559b034f679a2088dc0166df8e84145")]
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
    public void A_constructed_model_is_the_same_small_file_everywhere(string name, string sha256)
    {
        var bytes = ConstructedFiles.Bytes(name);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        Assert.InRange(bytes.Length, 500_000, 8_000_000);
    }

    [Fact]
    public void Writing_twice_gives_the_same_bytes()
    {
        using var again = new MemoryStream();
        DemoCatalogue.Echo.Write(again);

        Assert.Equal(ConstructedFiles.Bytes("demo-echo"), again.ToArray());
    }

    // By the format's own table, in a decoder of the test's own: 32 numbers, a scale, low halves first.
    [Theory]
    [InlineData("ffn_gate_exps")]
    [InlineData("ffn_up_exps")]
    [InlineData("ffn_down_exps")]
    public void The_experts_are_the_same_numbers_in_mxfp4_as_in_f16(string tensor)
    {
        var name = $"blk.1.{tensor}.weight";
        var expected = MemoryMarshal
            .Cast<byte, Half>(ConstructedFiles.File("mini-gpt-oss").Data(name))
            .ToArray();

        Assert.Contains(expected, value => value != (Half)0);
        Assert.Equal(
            expected.Select(value => (double)value),
            Decode(ConstructedFiles.File("mini-gpt-oss-mxfp4").Data(name))
        );
    }

    [Fact]
    public void A_sized_model_is_a_sound_file_of_the_size_that_it_says()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("sized.gguf");
        var model = SizedModels.Wide with { VocabularySize = 2_000, Layers = 2 };

        model.Write(path);
        var facts = ModelFacts.From(GgufFile.Read(path));

        Assert.Equal("gemma2", facts.Architecture);
        Assert.Equal(2_000, facts.VocabularySize);
        // Embedding; two layers of 4 × 256² and 3 × 256 × 1024 weights and four norms; the last norm.
        Assert.Equal(
            2_000 * 256 + 2 * (4 * 256 * 256 + 3 * 256 * 1024 + 4 * 256) + 256,
            facts.Parameters
        );
        var first = File.ReadAllBytes(path);
        model.Write(path);
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(150_000)]
    public void A_sized_vocabulary_has_the_published_words_and_no_entry_twice(int size)
    {
        var vocabulary = SizedVocabulary.Of(size);

        Assert.Equal(size, vocabulary.Tokens.Length);
        Assert.Equal(size, vocabulary.Tokens.Select(token => token.Piece).Distinct().Count());
        Assert.True(vocabulary.Has(" James") && vocabulary.Has(" teacher"));
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
}
