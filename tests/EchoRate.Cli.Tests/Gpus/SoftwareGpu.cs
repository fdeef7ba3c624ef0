using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Tests.Gpus;

/// <summary>
/// Mesa's software Vulkan device, for the program as a process: llama.cpp takes it where it is named. Its plugin is in a home of the tests' own,
/// kept from one test run to the next: a backend in the user's folder would be the user's choice.
/// </summary>
internal static class SoftwareGpu
{
    private static readonly Lazy<Task<string>> s_plugin = new(PluginAsync);

    /// <summary>The tests' home, with the backend vulkan in it.</summary>
    public static string Home { get; } = HostEnvironment.Current().InDataFolder("tests");

    /// <summary>The environment in which the program sees <c>Vulkan0 (llvmpipe)</c>; skips the test where there is none.</summary>
    /// <param name="folder">Where the program is started.</param>
    public static async Task<Dictionary<string, string?>> EnvironmentAsync(string folder)
    {
        var plugin = await s_plugin.Value;
        var environment = new Dictionary<string, string?>
        {
            [HostEnvironment.HomeVariable] = Home,
            ["GGML_VK_VISIBLE_DEVICES"] = "0",
            // As llama.cpp in all tests: its threads wait for each other.
            ["LP_NUM_THREADS"] = "1",
            // Mesa takes memory for every work group and gives it back; glibc would ask the system for it each time, which takes three times as long.
            ["MALLOC_MMAP_THRESHOLD_"] = "1000000000",
            ["MALLOC_TRIM_THRESHOLD_"] = "1000000000",
            ["MALLOC_TOP_PAD_"] = "67108864",
        };
        s_refusal ??= Echorate.Run(
            folder,
            environment,
            $"trial {TrialRunner.PluginOption} {plugin}"
        )
            is { ExitCode: not 0 } refused
            ? refused.ErrorLines[^1]
            : "";
        Assert.SkipWhen(
            s_refusal.Length > 0,
            $"no software Vulkan device here ({s_refusal}): install mesa-vulkan-drivers and libvulkan1"
        );
        return environment;
    }

    /// <summary>Puts the library into another home, as somebody does by hand.</summary>
    public static string CopyTo(string home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "plugins", "vulkan")).FullName;
        var copy = Path.Combine(folder, Path.GetFileName(s_plugin.Value.Result));
        File.Copy(s_plugin.Value.Result, copy);
        return copy;
    }

    // What the program says where there is none; empty where there is one, null before anybody looked.
    private static string? s_refusal;

    private static async Task<string> PluginAsync()
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
