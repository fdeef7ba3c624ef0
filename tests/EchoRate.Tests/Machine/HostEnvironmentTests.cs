using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Machine;

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

    [Theory]
    [InlineData(HostSystem.Linux, "user/.local/share/echorate")]
    [InlineData(HostSystem.Windows, "local/echorate")]
    [InlineData(HostSystem.MacOS, "user/Library/Application Support/echorate")]
    public void Each_system_has_its_own_data_folder(HostSystem system, string expected)
    {
        using var fake = new FakeHost(system);
        Assert.Equal(fake.In(expected.Split('/')), fake.Host.DataFolder);
    }

    [Fact]
    public void Xdg_data_home_counts_when_it_is_absolute()
    {
        using var fake = new FakeHost();
        var xdg = fake.In("xdg");
        Assert.Equal(fake.In("xdg", "echorate"), fake.With("XDG_DATA_HOME", xdg).Host.DataFolder);
        Assert.Equal(
            fake.In("user", ".local", "share", "echorate"),
            fake.With("XDG_DATA_HOME", "relative").Host.DataFolder
        );
    }

    [Theory]
    [InlineData(HostSystem.Linux)]
    [InlineData(HostSystem.Windows)]
    [InlineData(HostSystem.MacOS)]
    public void Echorate_home_comes_before_everything_and_may_be_relative(HostSystem system)
    {
        using var fake = new FakeHost(system);
        fake.With("XDG_DATA_HOME", fake.In("xdg")).With("ECHORATE_HOME", "mine");
        Assert.Equal(fake.In("mine"), fake.Host.DataFolder);
    }

    [Fact]
    public void Without_a_home_folder_the_message_names_the_variable()
    {
        using var fake = new FakeHost();
        var homeless = fake.Host with { UserFolder = "" };
        var e = Assert.Throws<NativeLibraryException>(() => homeless.DataFolder);
        Assert.Contains("set ECHORATE_HOME", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void This_process_has_a_platform_a_path_and_a_folder()
    {
        var host = HostEnvironment.Current();
        Assert.Matches("^(linux|linux-musl|win|mac)-[a-z0-9]+$", host.Platform);
        Assert.NotNull(host.Variable("PATH"));
        Assert.True(Directory.Exists(host.ProgramFolder));
    }
}
