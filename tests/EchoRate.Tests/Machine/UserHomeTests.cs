using EchoRate.Core.Files;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine;

/// <summary>A service, a container or <c>env -u HOME</c> may have no home folder: the current one does not take its place.</summary>
public sealed class UserHomeTests
{
    [Theory]
    [InlineData("~/x", "/home/me", "/home/me/x")]
    [InlineData("~", "/home/me", "/home/me")]
    [InlineData("~/x", null, null)]
    [InlineData("~/x", "me", null)]
    [InlineData("~other/x", "/home/me", "~other/x")]
    [InlineData("/x/~/y", null, "/x/~/y")]
    [InlineData("x", null, "x")]
    public void A_tilde_is_the_home_folder_or_nothing(
        string path,
        string? home,
        string? expanded
    ) => Assert.Equal(expanded, UserHome.Expand(path, home));

    [Fact]
    public async Task Without_a_data_folder_nothing_is_installed_and_what_needs_one_says_so()
    {
        using var fake = new FakeHost();
        var host = fake.Host with { DataFolder = null };
        var store = new BackendStore(host, _ => null);

        Assert.Null(store.Find(fake.Vulkan));
        Assert.Equal("none", store.Installed());
        var refused = await Assert.ThrowsAsync<IOException>(() =>
            store.AddAsync(
                fake.Vulkan,
                new Progress<string>(),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(
            "no home folder is known, so what EchoRate downloads has no place; set HOME, or ECHORATE_HOME",
            refused.Message
        );
    }
}
