using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Tests.Backends;

/// <summary>Tests with Mesa's software Vulkan device, which the program sees as <c>Vulkan0 (llvmpipe)</c> where it is asked to.</summary>
public abstract class SoftwareGpu : ProgramTests
{
    private protected const string Device = "Vulkan0 (llvmpipe)";

    // What the program says where there is none; empty where there is one, null before anybody looked.
    private static string? s_refusal;

    // A worker computes in single precision: its environment says so.
    private protected override bool IsInProcess => false;

    /// <summary>Has the program see the device; skips the test where there is none.</summary>
    private protected async Task SeeGpuAsync()
    {
        var plugin = await VulkanPlugin.Path;
        Variables = VulkanPlugin.Variables;
        Variables[HostEnvironment.HomeVariable] = VulkanPlugin.Home;
        s_refusal ??= Run($"trial {TrialRunner.PluginOption} {plugin}")
            is { ExitCode: not 0 } refused
            ? refused.ErrorLines[^1]
            : "";
        Assert.SkipWhen(
            s_refusal.Length > 0,
            $"no software Vulkan device here ({s_refusal}): install mesa-vulkan-drivers and libvulkan1"
        );
    }

    /// <summary>Has it see the backend's library, and no device.</summary>
    private protected void HideGpu() => Variables["GGML_VK_VISIBLE_DEVICES"] = "";

    /// <summary>Puts the library into a home of the test's own, as somebody does by hand.</summary>
    private protected async Task<string> OwnHomeAsync()
    {
        Variables[HostEnvironment.HomeVariable] = Folder.At("home");
        var plugin = await VulkanPlugin.Path;
        return Folder.Write(
            $"home/plugins/vulkan/{Path.GetFileName(plugin)}",
            await File.ReadAllBytesAsync(plugin, TestContext.Current.CancellationToken)
        );
    }

    /// <summary>A library whose header names another one, of a name that is as long.</summary>
    private protected static byte[] Needing(byte[] library, string name)
    {
        var at = library.AsSpan().IndexOf("libvulkan.so.1\0"u8);
        Encoding.ASCII.GetBytes(name, library.AsSpan(at));
        return library;
    }
}
