using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class CudaStoryTests
{
    private static readonly CudaStory s_story = new()
    {
        Packaged = [12],
        Detected = 12,
        Taken = false,
        HasDevice = false,
        Refusal = _ => null,
    };

    [Fact]
    public void A_driver_without_a_toolkit_is_made_loud()
    {
        var words = (s_story with { Detected = -1 }).Tell();

        Assert.StartsWith("CUDA: not tried", words, StringComparison.Ordinal);
        Assert.EndsWith("set CUDA_VERSION=12 to have it tried", words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_systems_loader_says_is_quoted()
    {
        var words = (
            s_story with
            {
                Refusal = release =>
                    release == 12 ? "libcudart.so.12: cannot open shared object file" : null,
            }
        ).Tell();

        Assert.Equal(
            "CUDA: its library was tried and not taken; the system says: libcudart.so.12: cannot open shared object file",
            words
        );
    }

    [Fact]
    public void A_toolkit_of_another_release_is_named() =>
        Assert.Equal(
            "CUDA: LLamaSharp looked for CUDA 13, and this build holds CUDA 12; set CUDA_VERSION=12",
            (s_story with { Detected = 13 }).Tell()
        );

    [Fact]
    public void A_build_without_the_package_says_how_to_get_it() =>
        Assert.Equal("CUDA: not in this build", (s_story with { Packaged = [] }).Tell());

    [Fact]
    public void A_library_that_was_taken_is_in_use_only_where_it_sees_a_device()
    {
        Assert.Equal("CUDA: in use", (s_story with { Taken = true, HasDevice = true }).Tell());
        Assert.Contains(
            "it sees no device",
            (s_story with { Taken = true }).Tell(),
            StringComparison.Ordinal
        );
    }
}
