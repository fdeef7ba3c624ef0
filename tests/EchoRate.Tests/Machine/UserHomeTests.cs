using EchoRate.Core.Files;

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
}
