using System.Security.Cryptography;
using EchoRate.DemoModels;
using Xunit;

namespace EchoRate.Tests.DemoModels;

public sealed class DemoBytesTests
{
    // A change of the construction changes these; a change of platform must not.
    [Theory]
    [InlineData("demo-echo", "7f5810af4cae1c7f09e11db0ffe6f8741e4896b14a9b931310038231440d9cbc")]
    [InlineData("demo-plain", "80ca74ccb96b7610220ad9e13e916a1811196cbab1e217511a646b5688df4918")]
    public void A_demo_model_is_the_same_file_everywhere(string name, string sha256)
    {
        var model = DemoCatalogue.All.Single(model => model.Name == name);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(DemoFile.Bytes(model))));
    }

    [Fact]
    public void Writing_twice_gives_the_same_bytes()
    {
        using var again = new MemoryStream();
        DemoCatalogue.Echo.Write(again);

        Assert.Equal(DemoFile.Bytes(DemoCatalogue.Echo), again.ToArray());
    }

    [Fact]
    public void A_demo_model_takes_a_few_megabytes() =>
        Assert.All(
            DemoCatalogue.All,
            model => Assert.InRange(DemoFile.Bytes(model).Length, 1_000_000, 8_000_000)
        );
}
