using System.Runtime.InteropServices;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

public class LibraryHeaderTests
{
    [Theory]
    [InlineData(HostSystem.Linux, Architecture.X64, "Linux x64")]
    [InlineData(HostSystem.Linux, Architecture.Arm64, "Linux arm64")]
    [InlineData(HostSystem.Windows, Architecture.X64, "Windows x64")]
    [InlineData(HostSystem.Windows, Architecture.Arm64, "Windows arm64")]
    [InlineData(HostSystem.MacOS, Architecture.X64, "MacOS x64")]
    [InlineData(HostSystem.MacOS, Architecture.Arm64, "MacOS arm64")]
    public void A_header_tells_system_and_architecture_and_suits_only_them(
        HostSystem system,
        Architecture architecture,
        string described
    )
    {
        var header = LibraryHeader.Parse(FakeLibrary.For(system, architecture));

        Assert.NotNull(header);
        Assert.Equal(described, header.Described);
        foreach (
            var other in (HostSystem[])[HostSystem.Linux, HostSystem.Windows, HostSystem.MacOS]
        )
        foreach (var processor in (Architecture[])[Architecture.X64, Architecture.Arm64])
        {
            using var fake = new FakeHost(other, processor);
            Assert.Equal(other == system && processor == architecture, header.Suits(fake.Host));
        }
    }

    [Fact]
    public void A_universal_library_suits_each_of_its_processors()
    {
        var header = LibraryHeader.Parse(FakeLibrary.Universal(0x0100_0007, 0x0100_000C));
        using var intel = new FakeHost(HostSystem.MacOS);
        using var apple = new FakeHost(HostSystem.MacOS, Architecture.Arm64);

        Assert.Equal("MacOS x64 and arm64", header!.Described);
        Assert.True(header.Suits(intel.Host));
        Assert.True(header.Suits(apple.Host));
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
}
