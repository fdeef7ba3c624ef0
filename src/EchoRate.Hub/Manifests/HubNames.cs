using System.Buffers;
using System.Text.RegularExpressions;

namespace EchoRate.Hub.Manifests;

/// <summary>What may stand in names that become folders, addresses or CSV cells; each rule gives what is wrong, or null.</summary>
internal static partial class HubNames
{
    private static readonly SearchValues<char> _unportable = SearchValues.Create("*?\"<>|");

    /// <summary>A model or family name: it becomes part of file names, and <c>name:quant</c> must stay readable.</summary>
    public static string? WrongName(string text) =>
        Wrong(
            Name().IsMatch(text),
            text,
            "allowed: letters, digits and . _ + - (first a letter or digit, at most 100)"
        );

    public static string? WrongWord(string text, IReadOnlyList<string> allowed) =>
        allowed.Contains(text)
            ? null
            : $"is {Wording.Quote(text)}; allowed: {string.Join(", ", allowed)}";

    /// <summary>A repository. The hub itself forbids <c>--</c> and <c>..</c>, and the cache's folder names rely on it.</summary>
    public static string? WrongRepo(string text) =>
        Wrong(
            Repo().IsMatch(text) && !text.Contains("--") && !text.Contains(".."),
            text,
            "it must be organisation/name, as in google/gemma-2-2b-GGUF"
        );

    public static string? WrongRevision(string text) =>
        Wrong(
            Revision().IsMatch(text) && !text.Contains(".."),
            text,
            "it must be a commit (40 hex digits), a branch or a tag"
        );

    public static string? WrongCommit(string text) =>
        Wrong(IsHex(text, 40), text, "it must be a commit (40 hex digits)");

    /// <summary>The revision with a commit in lower case, as the hub and its cache write it; branches and tags as they are.</summary>
    public static string? NormaliseRevision(string? text) =>
        text is not null && IsHex(text, 40) ? text.ToLowerInvariant() : text;

    /// <summary>A path inside a repository, which must not leave the cache folder on any system.</summary>
    public static string? WrongHubPath(string text)
    {
        var steps = text.Split('/');
        var wrong =
            text.StartsWith('/') || text.StartsWith('~') || text.Contains(':')
                ? "with 'repo' it is a path in the repository, never an absolute one"
            : text.Contains('\\') ? "paths in a repository use '/'"
            : steps.Any(step => step is "" or "." or "..")
                ? "a path in a repository has no empty, '.' or '..' steps"
            // Windows drops dots and spaces at the end of a name and knows these characters as something else.
            : steps.Any(step => step[^1] is '.' or ' ' || Reserved().IsMatch(step))
            || text.AsSpan().ContainsAny(_unportable)
            || text.Any(char.IsControl)
                ? "its names must be possible on every system"
            : text[0] == '-' ? "it may not begin as a command-line option does"
            : text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? null
            : "it must end in .gguf";
        return Wrong(wrong is null, text, wrong);
    }

    public static string? WrongUrl(string text) =>
        Wrong(
            Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https",
            text,
            "it must be an http or https address"
        );

    public static string? WrongSha256(string text) =>
        Wrong(IsHex(text, 64), text, "it must be 64 hex digits");

    private static bool IsHex(string text, int digits) =>
        text.Length == digits && text.All(char.IsAsciiHexDigit);

    private static string? Wrong(bool isRight, string text, string? allowed) =>
        isRight ? null : $"is {Wording.Quote(text)}; {allowed}";

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
}
