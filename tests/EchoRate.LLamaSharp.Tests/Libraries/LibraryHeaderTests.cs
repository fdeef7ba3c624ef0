using System.Runtime.InteropServices;
using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Libraries;

/// <summary>The first bytes of shared libraries, written as hex digits and filled up with zeroes.</summary>
public sealed class LibraryHeaderTests : IDisposable
{
    private const string Elf = "7F454C46 02 01 00000000 00000000 0000 0000 ";
    private const string Pe64 = "5045 0000 ";
    private const string Mach = "CFFAEDFE ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Elf + "3E00", "Linux x64")]
    [InlineData(Elf + "B700", "Linux arm64")]
    [InlineData(Elf + "F300", "Linux processor 0xf3")]
    [InlineData(Pe64 + "6486", "Windows x64")]
    [InlineData(Pe64 + "64AA", "Windows arm64")]
    [InlineData(Mach + "07000001", "macOS x64")]
    [InlineData(Mach + "0C000001", "macOS arm64")]
    [InlineData(
        "CAFEBABE 00000002 01000007 00000000 00000000 00000000 00000000 0100000C",
        "macOS x64 and arm64"
    )]
    public void A_header_tells_system_and_architecture_and_a_library_for_another_machine_is_refused(
        string hex,
        string described
    )
    {
        var bytes = Bytes(hex);
        Assert.Equal(described, LibraryHeader.Parse(bytes)!.Described);

        var problem = Problem(bytes);
        var system =
            OperatingSystem.IsWindows() ? "Windows"
            : OperatingSystem.IsMacOS() ? "macOS"
            : "Linux";
        var own = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (described.StartsWith(system) && described.Contains(own))
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.Equal($"is built for {described}, and this process for {system} {own}", problem);
        }
    }

    [Fact]
    public void What_is_no_64_bit_library_has_no_header()
    {
        Assert.Null(LibraryHeader.Parse([]));
        Assert.Null(LibraryHeader.Parse(Bytes("7F454C46 01 01 00000000 00000000 0000 0000 0300")));
        Assert.Null(LibraryHeader.Parse(Bytes(Elf + "3E00").AsSpan(0, 20)));
        Assert.Null(LibraryHeader.Parse(Bytes(Pe64 + "6486").AsSpan(0, 130)));
        Assert.Null(
            LibraryHeader.Parse(
                "GROUP ( libllama.so.0 ) /* a linker's script, long enough to be looked at */"u8
            )
        );
        Assert.Equal("is no 64-bit shared library, or is cut short", Problem([1, 2, 3]));
    }

    [Fact]
    public void A_library_that_ends_before_its_table_of_sections_is_cut_short()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF files have such a table at their end");
        var bytes = File.ReadAllBytes("/proc/self/exe");
        Assert.Null(Problem(bytes));
        Assert.Equal("is cut short", Problem(bytes[..5000]));
    }

    // A Windows library has its header behind a stub, whose length stands at byte 60.
    private static byte[] Bytes(string hex)
    {
        var header = Convert.FromHexString(hex.Replace(" ", ""));
        var bytes = new byte[256];
        var at = hex.StartsWith("5045") ? 128 : 0;
        if (at > 0)
        {
            "MZ"u8.CopyTo(bytes);
            bytes[60] = (byte)at;
        }
        header.CopyTo(bytes, at);
        return bytes;
    }

    private string? Problem(byte[] bytes)
    {
        File.WriteAllBytes(_folder.At("library"), bytes);
        return LibraryHeader.Problem(_folder.At("library"));
    }
}
