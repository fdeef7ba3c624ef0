using System.Text.RegularExpressions;
using EchoRate.Cli.Tests.Backends;

namespace EchoRate.LLamaSharp.Tests.Offloading;

/// <summary>
/// A GPU on a machine without one: Mesa's software Vulkan device, which llama.cpp takes when it is named. It is named by an environment
/// variable that native code reads when its process starts, and a process holds one llama.cpp: so tests on it run in a process of their own,
/// this very program started again.
/// </summary>
internal static partial class SoftwareDevice
{
    /// <summary>What llama.cpp calls it.</summary>
    internal const string Name = "Vulkan0";

    private const string Variable = "GGML_VK_VISIBLE_DEVICES";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>Whether this process is one of those.</summary>
    internal static bool IsHere
    {
        get
        {
            try
            {
                return Environment.GetEnvironmentVariable(Variable) is not null
                    && TestLibrary.Load().Facts.Devices.Any(device => device.IsGpu);
            }
            catch (NativeLibraryException)
            {
                // A plugin that shows no device is none; OffloadChild runs nowhere else.
                return false;
            }
        }
    }

    /// <summary>Runs the explicit tests of a class on the device; answers how many passed, or fails with what they said.</summary>
    internal static async Task<int> RunAsync(Type tests)
    {
        var end = ItselfAgain.Run(
            ["-class", tests.FullName!, "-explicit", "only", "-noColor"],
            s_patience,
            [
                (TestLibrary.PluginVariable, await VulkanPlugin.Path),
                // As a run's workers do.
                ("GGML_VK_DISABLE_F16", "1"),
                .. VulkanPlugin.Variables.Select(pair => (pair.Key, pair.Value)),
            ]
        );
        Assert.True(end is not null, $"did not end in {s_patience.TotalMinutes} minutes");
        var said = end.Out;
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        // The machine may lack the device; then every test of the child is skipped, and says so.
        var totals = Totals().Match(said);
        Assert.True(totals.Success && end.ExitCode == 0, said);
        var (total, skipped) = (Number(totals.Groups[1]), Number(totals.Groups[2]));
        Assert.SkipWhen(
            total > 0 && skipped == total,
            "no software Vulkan device here: install mesa-vulkan-drivers and libvulkan1"
        );
        Assert.True(skipped == 0, said);
        return total;
    }

    /// <summary>Skips a test where llama.cpp sees no GPU.</summary>
    internal static void Require() => Assert.SkipUnless(IsHere, "llama.cpp sees no GPU");

    private static int Number(Group group) => int.Parse(group.ValueSpan);

    [GeneratedRegex(@"Total: (\d+), Errors: 0, Failed: 0, Skipped: (\d+)")]
    private static partial Regex Totals();
}
