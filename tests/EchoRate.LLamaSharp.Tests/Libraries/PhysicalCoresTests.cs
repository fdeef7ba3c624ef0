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
            Directory.CreateDirectory(folder.File($"cpu{cpu}/topology"));
            File.WriteAllText(
                folder.File($"cpu{cpu}/topology/thread_siblings_list"),
                siblings[cpu] + "\n"
            );
        }

        Directory.CreateDirectory(folder.File("cpufreq"));

        Assert.Equal(2, PhysicalCores.FromSys(folder.Path));
    }

    [Fact]
    public void There_is_at_least_one_and_no_more_than_logical_ones() =>
        Assert.InRange(PhysicalCores.Count, 1, Environment.ProcessorCount);

    [Fact]
    public void No_topology_is_no_answer() =>
        Assert.Null(PhysicalCores.FromSys(Path.Combine(Path.GetTempPath(), "no-such-folder")));
}
