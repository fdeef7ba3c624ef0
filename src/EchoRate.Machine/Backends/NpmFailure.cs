using System.Text.RegularExpressions;

namespace EchoRate.Machine.Backends;

/// <summary>Why npm failed, from what it printed.</summary>
/// <param name="ExitCode">npm's exit code.</param>
/// <param name="Code">npm's own code, such as EINTEGRITY; null when it printed none.</param>
/// <param name="Path">The file it stumbled over; null when it named none.</param>
/// <param name="Detail">Its first line in words; empty when there was none.</param>
internal sealed partial record NpmFailure(int ExitCode, string? Code, string? Path, string Detail)
{
    /// <summary>Reads lines like <c>npm error code EINTEGRITY</c>; before version 10 it was <c>npm ERR!</c>.</summary>
    public static NpmFailure Read(string output, int exitCode)
    {
        string? code = null;
        string? path = null;
        var detail = "";
        foreach (var line in output.Split('\n').Select(line => line.Trim()))
        {
            var match = ErrorLine().Match(line);
            var key = match.Groups["key"].Value;
            var text = match.Success ? match.Groups["text"].Value.Trim() : line;
            if (key == "code")
                code ??= text;
            else if (key == "path")
                path ??= text;
            else if (key is not ("syscall" or "errno" or "dest") && detail.Length == 0)
                detail = text;
        }
        return new(exitCode, code, path, detail);
    }

    /// <summary>One line for the user: what happened, with what, and what may help.</summary>
    public string Describe(Backend backend, string byHand) =>
        Code switch
        {
            "EINTEGRITY" =>
                $"wrong hash: what npm got for {backend.Package} is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror",
            _ when Code is not null && IsNetwork(Code) =>
                $"no network: npm could not reach its registry for {backend.Package} ({Code}); or {byHand}",
            "ENOSPC" =>
                $"full disk: npm could not write {Path ?? "the files of " + backend.Package}",
            "EACCES" or "EPERM" or "EROFS" =>
                $"no write permission: npm could not write {Path ?? "the files of " + backend.Package} ({Code})",
            null =>
                $"failed download of {backend.Package}: npm ended with exit code {ExitCode}{Colon(Detail)}",
            _ => $"failed download of {backend.Package}: npm says {Code}{Colon(Detail)}",
        };

    private static string Colon(string detail) => detail.Length == 0 ? "" : ": " + detail;

    // Node's names for a name server, a route, a connection, a certificate; ENOTCACHED is npm told to stay offline.
    private static bool IsNetwork(string code) =>
        code
            is "ENOTFOUND"
                or "EAI_AGAIN"
                or "EAI_FAIL"
                or "ECONNREFUSED"
                or "ECONNRESET"
                or "ECONNABORTED"
                or "ETIMEDOUT"
                or "ESOCKETTIMEDOUT"
                or "ERR_SOCKET_TIMEOUT"
                or "EHOSTUNREACH"
                or "ENETUNREACH"
                or "ENETDOWN"
                or "EPIPE"
                or "ENOTCACHED"
                or "FETCH_ERROR"
        || code.Contains("CERT", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^npm (?:error|ERR!)(?: (?<key>code|path|syscall|errno|dest)\b| (?:notarget|network|nospc|enoent|404)\b)?(?<text>.*)$"
    )]
    private static partial Regex ErrorLine();
}
