using System.Runtime.InteropServices;
using System.Text.Json;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

public class LlamaPackageTests
{
    public static TheoryData<string> Names => [.. LlamaPackage.All.Select(package => package.Name)];

    internal static LlamaPackage Named(string name) =>
        LlamaPackage.All.Single(package => package.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_package_is_pinned_by_hash_and_by_no_address(string name)
    {
        var package = Named(name);
        using var json = JsonDocument.Parse(package.Lock.PackageLockJson);
        var locked = json
            .RootElement.GetProperty("packages")
            .GetProperty("node_modules/" + package.NpmName);

        Assert.Equal(package.Version, locked.GetProperty("version").GetString());
        Assert.StartsWith(
            "sha512-",
            locked.GetProperty("integrity").GetString(),
            StringComparison.Ordinal
        );
        foreach (var text in (string[])[package.Lock.PackageJson, package.Lock.PackageLockJson])
        {
            Assert.DoesNotContain("://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("resolved", text, StringComparison.Ordinal);
            Assert.DoesNotContain("optional", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_package_holds_an_accepted_release_and_is_as_large_as_it_is(string name)
    {
        var package = Named(name);
        Assert.Contains(package.Release, LlamaReleases.Accepted);
        Assert.InRange(package.DownloadBytes, 1_000_000, 1_000_000_000);
    }

    [Fact]
    public void All_packages_are_of_one_version() =>
        Assert.Single(LlamaPackage.All.Select(package => package.Version).Distinct());

    [Theory]
    [InlineData(HostSystem.Linux, Architecture.X64, null, "linux-x64")]
    [InlineData(HostSystem.Linux, Architecture.Arm64, null, "linux-arm64")]
    [InlineData(HostSystem.Windows, Architecture.X64, null, "win-x64")]
    [InlineData(HostSystem.Windows, Architecture.Arm64, null, "win-arm64")]
    [InlineData(HostSystem.MacOS, Architecture.Arm64, null, "mac-arm64-metal")]
    [InlineData(HostSystem.MacOS, Architecture.X64, null, "mac-x64")]
    [InlineData(HostSystem.Linux, Architecture.X64, LlamaVariant.Cuda, "linux-x64-cuda")]
    [InlineData(HostSystem.Linux, Architecture.X64, LlamaVariant.Cuda12, "linux-x64-cuda-ext")]
    [InlineData(HostSystem.Windows, Architecture.X64, LlamaVariant.Vulkan, "win-x64-vulkan")]
    public void A_machine_gets_its_own_package(
        HostSystem system,
        Architecture architecture,
        LlamaVariant? variant,
        string expected
    )
    {
        using var fake = new FakeHost(system, architecture);
        Assert.Equal(expected, LlamaPackage.For(fake.Host, variant).Name);
    }

    [Fact]
    public void A_machine_without_a_package_is_told_which_have_one()
    {
        using var fake = new FakeHost();
        var e = Assert.Throws<NativeLibraryException>(() =>
            LlamaPackage.For(fake.Host with { IsMusl = true })
        );
        Assert.Equal(
            "unsupported platform: no prebuilt llama.cpp for linux-musl-x64, only for linux-x64, linux-arm64, win-x64, win-arm64, mac-arm64, mac-x64; ECHORATE_LLAMA_DIR may name a folder with your own build",
            e.Message
        );
    }

    [Fact]
    public void A_variant_that_a_platform_lacks_is_named_with_those_that_have_it()
    {
        using var fake = new FakeHost(HostSystem.MacOS);
        var e = Assert.Throws<NativeLibraryException>(() =>
            LlamaPackage.For(fake.Host, LlamaVariant.Cuda)
        );
        Assert.StartsWith(
            "unsupported platform: no prebuilt llama.cpp with Cuda for mac-x64, only for linux-x64, win-x64;",
            e.Message,
            StringComparison.Ordinal
        );
    }
}
