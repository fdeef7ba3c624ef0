using System.Buffers;
using System.Text.RegularExpressions;

namespace EchoRate.Hub.Reading;

/// <summary>What may stand in names that become folders, addresses or CSV cells; each rule gives what is wrong, or null.</summary>
internal static partial class HubNames
{
    private static readonly SearchValues<char> s_unportable = SearchValues.Create("*?\"<>|");

    /// <summary>A model or family name: it becomes part of file names, and <c>name:quant</c> must stay readable.</summary>
    public static string? WrongName(string text) =>
        Name().IsMatch(text)
            ? null
            : $"is {Wording.Quote(text)}; allowed: letters, digits and . _ + - (first a letter or digit, at most 100)";

    /// <summary>A repository. The hub itself forbids <c>--</c> and <c>..</c>, and the cache's folder names rely on it.</summary>
    public static string? WrongRepo(string text) =>
        Repo().IsMatch(text)
        && !text.Contains("--", StringComparison.Ordinal)
        && !text.Contains("..", StringComparison.Ordinal)
            ? null
            : $"is {Wording.Quote(text)}; it must be organisation/name, as in google/gemma-2-2b-GGUF";

    /// <summary>A commit, branch or tag.</summary>
    public static string? WrongRevision(string text) =>
        Revision().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal)
            ? null
            : $"is {Wording.Quote(text)}; it must be a commit (40 hex digits), a branch or a tag";

    /// <summary>A commit.</summary>
    public static string? WrongCommit(string text) =>
        Commit().IsMatch(text)
            ? null
            : $"is {Wording.Quote(text)}; it must be a commit (40 hex digits)";

    /// <summary>The revision with a commit in lower case, as the hub and its cache write it; branches and tags as they are.</summary>
    public static string NormaliseRevision(string text) =>
        Commit().IsMatch(text) ? text.ToLowerInvariant() : text;

    /// <summary>A path inside a repository, which must not leave the cache folder on any system.</summary>
    public static string? WrongHubPath(string text)
    {
        if (
            text.StartsWith('/')
            || text.StartsWith('~')
            || text.Contains(':', StringComparison.Ordinal)
        )
        {
            return $"is {Wording.Quote(text)}; with 'repo' it is a path in the repository, never an absolute one";
        }
        if (text.Contains('\\', StringComparison.Ordinal))
        {
            return $"is {Wording.Quote(text)}; paths in a repository use '/'";
        }
        if (text.Split('/').Any(part => part is "" or "." or ".."))
        {
            return $"is {Wording.Quote(text)}; a path in a repository has no empty, '.' or '..' steps";
        }
        // Windows drops dots and spaces at the end of a name and knows these characters as something else.
        if (
            text.Split('/').Any(part => part[^1] is '.' or ' ' || Reserved().IsMatch(part))
            || text.AsSpan().ContainsAny(s_unportable)
            || text.Any(char.IsControl)
        )
        {
            return $"is {Wording.Quote(text)}; its names must be possible on every system";
        }
        if (text[0] == '-')
        {
            return $"is {Wording.Quote(text)}; it may not begin as a command-line option does";
        }
        return text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            ? null
            : $"is {Wording.Quote(text)}; it must end in .gguf";
    }

    /// <summary>A web address.</summary>
    public static string? WrongUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? null
            : $"is {Wording.Quote(text)}; it must be an http or https address";

    /// <summary>A SHA-256.</summary>
    public static string? WrongSha256(string text) =>
        Sha256().IsMatch(text) ? null : $"is {Wording.Quote(text)}; it must be 64 hex digits";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,99}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,95}/[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\z")]
    private static partial Regex Repo();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*\z")]
    private static partial Regex Revision();

    // Devices to Windows, with any extension.
    [GeneratedRegex(
        @"\A(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?:\.|\z)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Reserved();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z")]
    private static partial Regex Sha256();
}
