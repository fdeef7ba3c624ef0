using EchoRate.LLamaSharp.Loading;

namespace EchoRate.LLamaSharp.Tests.Libraries;

public sealed class PhysicalCoresTests
{
    [Fact]
    public void Siblings_count_once()
    {
        using var folder = new TemporaryFolder();
        string[] siblings = ["0,2", "1,3", "0,2", "1,3"];
        for (var cpu = 0; cpu < siblings.Length; cpu++)
        {
            Directory.CreateDirectory(folder.At($"cpu{cpu}/topology"));
            File.WriteAllText(
                folder.At($"cpu{cpu}/topology/thread_siblings_list"),
                siblings[cpu] + "\n"
            );
        }

        Directory.CreateDirectory(folder.At("cpufreq"));

        Assert.Equal(2, PhysicalCores.FromSys(folder.Path));
    }
}
