using System.Text;
using Cocona.Command;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.CommandLine;

/// <summary>
/// The text of <c>--help</c>. Cocona's own names all options of <c>run</c> in one line of 700 characters, and shows the default of a list as
/// System.String[].
/// </summary>
internal static class HelpText
{
    private static readonly (string, string) _help = ("-?, -h, --help", "Show this help");

    /// <summary>The commands below a word.</summary>
    public static string OfCommands(string path, string about, IReadOnlyList<Verb> verbs) =>
        Text(
            about,
            $"{path} <command> [options]",
            ("Options", path == CommandLineApp.ProgramName ? [_help, .. OfProgram] : [_help]),
            ("Commands", verbs.Select(verb => (verb.Name, verb.Help)))
        );

    /// <summary>A command's arguments and options.</summary>
    public static string OfOptions(string path, string about, CommandDescriptor command) =>
        Text(
            about,
            string.Join(' ', [path, .. command.Arguments.Select(InUsage), "[options]"]),
            ("Arguments", command.Arguments.Select(one => ($"<{one.Name}>", one.Description))),
            (
                "Options",
                command
                    .Options.Select(option =>
                        (Label(option), option.Description + Default(option.DefaultValue.Value))
                    )
                    .Append(_help)
            )
        );

    private static IEnumerable<(string, string)> OfProgram =>
        [
            ("--version", "Show the version"),
            (
                $"{ShellCompletion.Option} <SHELL>",
                $"Print a script that completes commands and options: {ShellCompletion.Shells}"
            ),
        ];

    private static string Text(
        string about,
        string usage,
        params IEnumerable<(string Title, IEnumerable<(string Label, string Help)> Lines)> lists
    )
    {
        var text = new StringBuilder($"Description:\n  {about}\n\nUsage:\n  {usage}\n\n");
        foreach (var (title, list) in lists)
        {
            var lines = list.ToList();
            if (lines.Count == 0)
            {
                continue;
            }
            var width = lines.Max(line => line.Label.Length);
            text.Append($"{title}:\n");
            foreach (var (label, help) in lines)
            {
                text.Append("  ").Append(label.PadRight(width + 2)).Append(help).Append('\n');
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Label(CommandOptionDescriptor option) =>
        option.UnwrappedOptionType == typeof(bool)
            ? $"--{option.Name}"
            : $"--{option.Name} <{option.ValueName}>";

    private static string InUsage(CommandArgumentDescriptor argument)
    {
        var label = $"<{argument.Name}>" + (argument.IsEnumerableLike ? "..." : "");
        return argument.IsRequired ? label : $"[{label}]";
    }

    private static string Default(object? value) =>
        value switch
        {
            null or false or Array { Length: 0 } => "",
            Array values => $" (default: {string.Join(',', values.Cast<object>())})",
            SameModel word => $" (default: {EnumWords.Of(word)})",
            _ => $" (default: {value})",
        };
}
