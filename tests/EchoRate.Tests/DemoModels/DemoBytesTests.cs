using System.Security.Cryptography;
using EchoRate.DemoModels;

namespace EchoRate.Tests.DemoModels;

public sealed class DemoBytesTests
{
    // A change of the construction changes these; a change of platform must not.
    [Theory]
    [InlineData("demo-echo", "e9ca992f874b050a5957e74cda2cef214591e20220cf724021d99c8a478c265c")]
    [InlineData("demo-plain", "113674d6433017041216bafe622c89313559b034f679a2088dc0166df8e84145")]
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
