using EchoRate.LLamaSharp.Libraries;
using LLama.Native;

namespace EchoRate.LLamaSharp.Tests.Libraries;

/// <summary>Why CUDA was taken, or was not; what LLamaSharp is told of it.</summary>
public sealed class CudaNoteTests
{
    [Theory]
    [InlineData(true, 12, true, true, "CUDA: in use")]
    [InlineData(
        true,
        12,
        true,
        false,
        "CUDA: its library was taken, but it sees no device: is an NVIDIA driver of CUDA 12 or newer installed?"
    )]
    [InlineData(false, 12, false, false, "CUDA: not in this build")]
    [InlineData(
        true,
        13,
        false,
        false,
        "CUDA: LLamaSharp looked for CUDA 13, and this build holds CUDA 12; set CUDA_VERSION=12"
    )]
    [InlineData(
        true,
        12,
        false,
        false,
        "CUDA: its library was tried and not taken; the system says: libcudart.so.12: cannot open shared object file"
    )]
    public void What_became_of_cuda_is_one_sentence(
        bool isPackaged,
        int detected,
        bool isTaken,
        bool hasDevice,
        string note
    ) => Assert.Equal(note, Note(isPackaged, detected, isTaken, hasDevice));

    [Fact]
    public void A_driver_without_a_toolkit_is_made_loud()
    {
        var note = Note(true, -1, false, false);

        Assert.StartsWith("CUDA: not tried", note);
        Assert.Contains("set CUDA_VERSION=12 to have it tried; the system says: ", note);
    }

    [Fact]
    public void LLamaSharp_believes_the_cuda_that_it_is_told()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux(),
            "on Windows it reads the toolkit's files alone"
        );
        Environment.SetEnvironmentVariable("CUDA_VERSION", "12");
        try
        {
            Assert.Equal(12, SystemInfo.Get().CudaMajorVersion);
        }
        finally
        {
            Environment.SetEnvironmentVariable("CUDA_VERSION", null);
        }
    }

    private static string Note(bool isPackaged, int detected, bool isTaken, bool hasDevice) =>
        CudaNote.Of(
            isPackaged,
            detected,
            isTaken,
            hasDevice,
            () => "libcudart.so.12: cannot open shared object file"
        );
}
