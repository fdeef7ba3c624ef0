using System.Runtime.InteropServices;
using EchoRate.LLamaSharp.Libraries;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class LibraryHeaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Linux", Architecture.X64, "Linux x64")]
    [InlineData("Linux", Architecture.Arm64, "Linux arm64")]
    [InlineData("Windows", Architecture.X64, "Windows x64")]
    [InlineData("Windows", Architecture.Arm64, "Windows arm64")]
    [InlineData("OSX", Architecture.X64, "macOS x64")]
    [InlineData("OSX", Architecture.Arm64, "macOS arm64")]
    public void A_header_tells_system_and_architecture_and_a_library_for_another_machine_is_refused(
        string system,
        Architecture architecture,
        string described
    )
    {
        var bytes = FakeLibrary.For(OSPlatform.Create(system), architecture);
        Assert.Equal(described, LibraryHeader.Parse(bytes)!.Described);

        var problem = Problem(bytes);
        if (
            RuntimeInformation.IsOSPlatform(OSPlatform.Create(system))
            && architecture == RuntimeInformation.ProcessArchitecture
        )
        {
            Assert.Null(problem);
        }
        else
        {
            Assert.StartsWith($"is built for {described}, and this process for ", problem);
        }
    }

    [Fact]
    public void A_universal_library_is_for_each_of_its_processors()
    {
        var header = LibraryHeader.Parse(FakeLibrary.Universal(0x0100_0007, 0x0100_000C));
        Assert.Equal("macOS x64 and arm64", header!.Described);
        Assert.Equal(["x64", "arm64"], header.Machines);
    }

    [Fact]
    public void An_architecture_without_a_name_is_shown_by_number() =>
        Assert.Equal("Linux processor 0xf3", LibraryHeader.Parse(FakeLibrary.Elf(243))!.Described);

    [Fact]
    public void What_is_no_64_bit_library_has_no_header()
    {
        Assert.Null(LibraryHeader.Parse([]));
        Assert.Null(LibraryHeader.Parse(FakeLibrary.Elf(3, bits: 1)));
        Assert.Null(LibraryHeader.Parse(FakeLibrary.Elf(62).AsSpan(0, 20)));
        Assert.Null(LibraryHeader.Parse(FakeLibrary.Pe(0x8664).AsSpan(0, 130)));
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

    [Fact]
    public void Random_bytes_behind_a_known_beginning_never_throw()
    {
        const int seed = 20251121;
        var random = new Random(seed);
        byte[][] beginnings =
        [
            [],
            [0x7F, (byte)'E', (byte)'L', (byte)'F'],
            "MZ"u8.ToArray(),
            [0xCA, 0xFE, 0xBA, 0xBE],
            [0xCF, 0xFA, 0xED, 0xFE],
        ];
        for (var i = 0; i < 5000; i++)
        {
            var bytes = new byte[random.Next(0, 200)];
            random.NextBytes(bytes);
            var beginning = beginnings[i % beginnings.Length];
            beginning.AsSpan(0, Math.Min(beginning.Length, bytes.Length)).CopyTo(bytes);
            Assert.Null(Record.Exception(() => LibraryHeader.Parse(bytes)));
        }
    }

    private string? Problem(byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, "library");
        File.WriteAllBytes(path, bytes);
        return LibraryHeader.Problem(path);
    }
}
