using System.Security.Cryptography;
using EchoRate.DemoModels;

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
    [InlineData("mini-gpt-oss", "40d17eb9dad41634c46bf04c09c28333ab66853086575a5b87ae548900be8ff4")]
    [InlineData("mini-qwen3", "6a5ce2800dbf9c30207c406a21470fb3af8a84cf649f9e576f59ab67a7a29d77")]
    [InlineData("mini-llama", "868a9e128bc56703fdd8a81f4ae54f059ff3058337aa915cb9f62a4d22f9db4e")]
    public void A_constructed_model_is_the_same_sound_small_file_everywhere_and_says_what_it_is(
        string name,
        string sha256
    )
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("m.gguf");
        (
            DemoCatalogue.All.SingleOrDefault(model => model.Name == name) is { } demo
                ? (Action<string>)demo.Write
                : Miniatures.All.Single(miniature => miniature.Name == name).Write
        )(path);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
        Assert.InRange(new FileInfo(path).Length, 500_000, 8_000_000);
        Assert.True(GgufFile.TryRead(path, out var file, out var problems));
        Assert.Empty(problems);
        Assert.True(file!.Metadata.Bool("echorate.constructed"));
        Assert.Contains("constructed, not trained", file.Metadata.Text("general.name")!);
    }
}
