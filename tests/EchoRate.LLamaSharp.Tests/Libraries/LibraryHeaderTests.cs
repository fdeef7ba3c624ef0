using System.Runtime.InteropServices;
using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class LibraryHeaderTests : IDisposable
{
    private const string Elf = "7F454C46 02 01 00000000 00000000 0000 0000 ";

    private readonly TemporaryFolder _folder = new();

    public LibraryHeaderTests() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems' loaders say it themselves");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("3E00", "x64")]
    [InlineData("B700", "arm64")]
    [InlineData("F300", "processor 0xf3")]
    public void A_library_for_another_processor_is_refused(string machine, string built)
    {
        var own = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

        Assert.Equal(
            built == own ? null : $"is built for Linux {built}, and this process for Linux {own}",
            Problem(Bytes(Elf + machine))
        );
    }

    [Fact]
    public void What_is_no_64_bit_library_is_refused()
    {
        byte[][] others =
        [
            [1, 2, 3],
            Bytes("7F454C46 01 01 00000000 00000000 0000 0000 0300"),
            Bytes(Elf + "3E00")[..20],
            Bytes("4D5A"),
        ];
        Assert.All(
            others,
            bytes => Assert.Equal("is no 64-bit Linux library, or is cut short", Problem(bytes))
        );
    }

    [Fact]
    public void A_library_that_ends_before_its_table_of_sections_is_cut_short()
    {
        var bytes = File.ReadAllBytes("/proc/self/exe");
        Assert.Null(Problem(bytes));
        Assert.Equal("is cut short", Problem(bytes[..5000]));
    }

    // Hex digits, filled up with zeroes.
    private static byte[] Bytes(string hex)
    {
        var bytes = new byte[256];
        Convert.FromHexString(hex.Replace(" ", "")).CopyTo(bytes, 0);
        return bytes;
    }

    private string? Problem(byte[] bytes)
    {
        File.WriteAllBytes(_folder.At("library"), bytes);
        return LibraryHeader.Problem(_folder.At("library"));
    }
}
