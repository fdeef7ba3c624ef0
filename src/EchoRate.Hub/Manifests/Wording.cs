using EchoRate.Core.Text;

namespace EchoRate.Hub.Manifests;

/// <summary>How text from outside is shown in a one-line message.</summary>
internal static class Wording
{
    private const int LongestShown = 60;

    /// <summary>The text in single quotes, cut when long, with escapes for what a terminal would not print.</summary>
    public static string Quote(string text) =>
        text.Length <= LongestShown
            ? $"'{Plain(text)}'"
            : $"'{Plain(text[..LongestShown])}…' ({text.Length} characters)";

    /// <summary>The text on one line.</summary>
    public static string Plain(string text) =>
        TerminalText.Escaped(text.ReplaceLineEndings("\\n").Replace("\t", "\\t"));
}
