using System.Runtime.InteropServices;
using EchoRate.Machine.Host;

namespace EchoRate.Tests.Machine;

public class HostEnvironmentTests
{
    [Theory]
    [InlineData(HostSystem.Linux, Architecture.X64, false, "linux-x64")]
    [InlineData(HostSystem.Linux, Architecture.Arm64, false, "linux-arm64")]
    [InlineData(HostSystem.Linux, Architecture.X64, true, "linux-musl-x64")]
    [InlineData(HostSystem.Windows, Architecture.Arm64, false, "win-arm64")]
    [InlineData(HostSystem.MacOS, Architecture.X64, false, "mac-x64")]
    [InlineData(HostSystem.Linux, Architecture.RiscV64, false, "linux-riscv64")]
    public void Platforms_are_called_as_the_packages_call_them(
        HostSystem system,
        Architecture architecture,
        bool musl,
        string expected
    )
    {
        using var fake = new FakeHost(system, architecture);
        Assert.Equal(expected, (fake.Host with { IsMusl = musl }).Platform);
    }

    [Fact]
    public void What_is_available_is_read_where_the_system_says_it()
    {
        string[] meminfo = ["MemTotal:       16000000 kB", "MemAvailable:    8000000 kB"];

        Assert.Equal(8_192_000_000, HostMemory.Available(meminfo, 16_384_000_000));
        // A container's limit stands below the machine's figure.
        Assert.Equal(4_000_000_000, HostMemory.Available(meminfo, 4_000_000_000));
        Assert.Null(HostMemory.Available(meminfo[..1], 1));
        Assert.Null(HostMemory.Available(["MemAvailable: much kB"], 1));
    }
}
