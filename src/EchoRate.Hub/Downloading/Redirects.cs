using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Downloading;

/// <summary>Where a redirect leads, if it may be followed.</summary>
internal static class Redirects
{
    /// <summary>The next address.</summary>
    /// <param name="from">The address that answered.</param>
    /// <param name="location">What it says.</param>
    /// <param name="file">The file asked for.</param>
    /// <exception cref="HubException">It says nothing, or leads from https to http.</exception>
    public static Uri Follow(Uri from, Uri? location, HubAddress file)
    {
        if (location is null || !Uri.TryCreate(from, location, out Uri? target))
        {
            throw Wrong(file, $"{Wording.Plain(from.Authority)} redirects to nowhere");
        }
        if (target.Scheme is not ("http" or "https") || target.UserInfo.Length > 0)
        {
            throw Wrong(
                file,
                $"{Wording.Plain(from.Authority)} redirects to what is no web address ({Wording.Quote(target.Scheme)})"
            );
        }
        // On this machine alone there is nobody on the way to read along.
        bool isLocal = from.IsLoopback && target.IsLoopback;
        return from.Scheme == "https" && target.Scheme == "http" && !isLocal
            ? throw Wrong(
                file,
                $"{Wording.Plain(from.Authority)} redirects from https to http, which is not followed"
            )
            : target;
    }

    private static HubException Wrong(HubAddress file, string what) =>
        new(HubFailure.Answer, $"{file}: {what}");
}
