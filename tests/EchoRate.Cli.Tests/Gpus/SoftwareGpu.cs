using System.Text.Json;
using EchoRate.Cli.Tests.Program;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Cli.Tests.Gpus;

/// <summary>
/// Mesa's software Vulkan device, for the program as a process: llama.cpp takes it where it is named. Its libraries are in a home of the
/// tests' own, kept from one test run to the next: a backend in the user's folder would be the user's choice.
/// </summary>
internal static class SoftwareGpu
{
    private static readonly Lazy<Task<string>> s_libraries = new(LibrariesAsync);

    /// <summary>The tests' home, with the backend vulkan in it.</summary>
    public static string Home { get; } =
        Path.Combine(HostEnvironment.Current().DataFolder, "tests");

    /// <summary>The environment in which the program sees <c>Vulkan0 (llvmpipe)</c>; skips the test where there is none.</summary>
    public static async Task<Dictionary<string, string?>> EnvironmentAsync(string folder)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ECHORATE_LLAMA_DIR"] = await s_libraries.Value,
            ["GGML_VK_VISIBLE_DEVICES"] = "0",
            // As llama.cpp in all tests: its threads wait for each other.
            ["LP_NUM_THREADS"] = "1",
        };
        var answer = Echorate.Run(folder, environment, "devices", "--engine", "llama");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        var names = JsonDocument
            .Parse(answer.Out)
            .RootElement.GetProperty("devices")
            .EnumerateArray()
            .Select(device => device.GetProperty("name").GetString());
        Assert.SkipUnless(
            names.Contains("Vulkan0"),
            "no software Vulkan device here: install mesa-vulkan-drivers and libvulkan1"
        );
        return environment;
    }

    /// <summary>The same with the libraries as an installed backend, instead of a folder that is named.</summary>
    public static async Task<Dictionary<string, string?>> InstalledAsync(string folder)
    {
        var environment = await EnvironmentAsync(folder);
        environment["ECHORATE_LLAMA_DIR"] = null;
        environment["ECHORATE_HOME"] = Home;
        return environment;
    }

    private static async Task<string> LibrariesAsync()
    {
        var current = HostEnvironment.Current();
        var host = current with
        {
            Variables = new Dictionary<string, string>(current.Variables)
            {
                [HostEnvironment.HomeVariable] = Home,
            },
        };
        var package = LlamaPackage.Find(host, LlamaVariant.Vulkan);
        Assert.SkipWhen(package is null, $"there is no Vulkan package for {host.Platform}");
        return await LlamaPackageFetcher.FetchAsync(
            host,
            package!,
            null,
            TestContext.Current.CancellationToken
        );
    }
}
