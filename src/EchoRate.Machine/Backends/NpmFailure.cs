using System.Text.RegularExpressions;

namespace EchoRate.Machine.Backends;

/// <summary>Says why npm failed, from what it printed.</summary>
internal static partial class NpmFailure
{
    /// <summary>One line for the user: what happened, with what, and what may help.</summary>
    /// <param name="output">Lines like <c>npm error code EINTEGRITY</c>; before version 10 it was <c>npm ERR!</c>.</param>
    /// <param name="exitCode">npm's exit code.</param>
    /// <param name="package">What it was to bring.</param>
    /// <param name="byHand">What to do without a network.</param>
    public static string Describe(string output, int exitCode, string package, string byHand)
    {
        string? code = null;
        string? path = null;
        var detail = "";
        foreach (var line in output.Split('\n').Select(line => line.Trim()))
        {
            var match = ErrorLine().Match(line);
            var text = match.Success ? match.Groups["text"].Value.Trim() : line;
            switch (match.Groups["key"].Value)
            {
                case "code":
                    code ??= text;
                    break;
                case "path":
                    path ??= text;
                    break;
                case "":
                    detail = detail.Length == 0 ? text : detail;
                    break;
            }
        }
        var what = path ?? $"the files of {package}";
        var colon = detail.Length == 0 ? "" : ": " + detail;
        return code switch
        {
            null => $"failed download of {package}: npm ended with exit code {exitCode}{colon}",
            "EINTEGRITY" => WrongHash(package),
            "ENOSPC" => $"full disk: npm could not write {what}",
            "EACCES" or "EPERM" or "EROFS" =>
                $"no write permission: npm could not write {what} ({code})",
            _ when Network().IsMatch(code) =>
                $"no network: npm could not reach its registry for {package} ({code}); or {byHand}",
            _ => $"failed download of {package}: npm says {code}{colon}",
        };
    }

    /// <summary>The archive is not the pinned one.</summary>
    public static string WrongHash(string package) =>
        $"wrong hash: what npm got for {package} is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror";

    // Node's names for a name server, a route, a connection, a certificate; ENOTCACHED is npm told to stay offline.
    [GeneratedRegex(
        "^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|ECONN.*|E.*TIMEDOUT|ERR_SOCKET_TIMEOUT|E.*UNREACH|ENETDOWN|EPIPE|ENOTCACHED|FETCH_ERROR)$|CERT"
    )]
    private static partial Regex Network();

    [GeneratedRegex(
        @"^npm (?:error|ERR!)(?: (?<key>code|path|syscall|errno|dest)\b| (?:notarget|network|nospc|enoent|404)\b)?(?<text>.*)$"
    )]
    private static partial Regex ErrorLine();
}
