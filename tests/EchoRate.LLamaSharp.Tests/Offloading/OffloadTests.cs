namespace EchoRate.LLamaSharp.Tests.Offloading;

/// <summary>Layers on a GPU, in a process of their own: <see cref="OffloadChild"/> says what is tested.</summary>
public sealed class OffloadTests
{
    [Fact]
    public async Task Layers_on_a_GPU_give_what_they_give_on_the_CPU()
    {
        var passed = await SoftwareDevice.RunAsync(typeof(OffloadChild));

        Assert.Equal(OffloadChild.Count, passed);
    }
}
