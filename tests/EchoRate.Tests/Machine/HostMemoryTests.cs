using EchoRate.Machine.Host;

namespace EchoRate.Tests.Machine;

public class HostMemoryTests
{
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
