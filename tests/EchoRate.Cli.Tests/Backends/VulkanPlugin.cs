using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Tests.Backends;

/// <summary>
/// The library of the backend vulkan, for Mesa's software device. It is in a home of the tests' own, kept from one test run to the next: a backend in
/// the user's folder would be the user's choice.
/// </summary>
internal static class VulkanPlugin
{
    private static readonly Lazy<Task<string>> s_path = new(PathAsync);

    /// <summary>The tests' home.</summary>
    public static string Home { get; } = HostEnvironment.Current().InDataFolder("tests");

    /// <summary>Where it is; skips the test where it cannot be brought.</summary>
    public static Task<string> Path => s_path.Value;

    /// <summary>Environment variables with which llama.cpp takes the device.</summary>
    public static Dictionary<string, string?> Variables =>
        new()
        {
            ["GGML_VK_VISIBLE_DEVICES"] = "0",
            // As llama.cpp in all tests: its threads wait for each other.
            ["LP_NUM_THREADS"] = "1",
            // Mesa takes memory for every work group and gives it back; glibc would ask the system for it each time, which takes three times as long.
            ["MALLOC_MMAP_THRESHOLD_"] = "1000000000",
            ["MALLOC_TRIM_THRESHOLD_"] = "1000000000",
            ["MALLOC_TOP_PAD_"] = "67108864",
        };

    private static async Task<string> PathAsync()
    {
        var host = HostEnvironment.Current() with { DataFolder = Home };
        var backend = Backend.Find(host, "vulkan");
        Assert.SkipWhen(backend is null, $"there is no Vulkan package for {host.Platform}");
        var store = new BackendStore(host, _ => null);
        try
        {
            await store.AddAsync(backend!, null, TestContext.Current.CancellationToken);
        }
        catch (NativeLibraryException e)
            when (e.Message.StartsWith("cannot start npm")
                || e.Message.StartsWith("npm did not bring")
            )
        {
            Assert.Skip(e.Message);
        }
        return store.Find(backend!)!;
    }
}
