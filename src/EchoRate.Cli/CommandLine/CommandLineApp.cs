using EchoRate.Cli.Errors;

namespace EchoRate.Cli.CommandLine;

/// <summary>
/// The command line. This folder is the only one that knows Cocona, beside the attributes of commands: Cocona turns declarations into options,
/// binds values to them and writes completion scripts. Its host, its dispatcher and its parser are left out: they take long to start, have exit
/// codes and messages of their own, and let mistakes pass.
/// </summary>
internal sealed class CommandLineApp(string about, IReadOnlyList<Verb> verbs, TextWriter output)
{
    public const string ProgramName = "echorate";

    /// <summary>Runs the command that words name and answers the exit code.</summary>
    /// <exception cref="UsageException">They name none, or the command does not take them.</exception>
    public Task<int> RunAsync(IReadOnlyList<string> words)
    {
        if (words.Count > 0 && words[0] == ShellCompletion.Option)
        {
            return Say(ShellCompletion.Script(verbs, [.. words.Skip(1)]));
        }
        var (path, help, parts, isHelp) = (ProgramName, about, verbs, AsksForHelp(words));
        for (var taken = 0; ; taken++)
        {
            var given = words.ElementAtOrDefault(taken);
            if (parts.FirstOrDefault(part => part.Name == given) is not { } verb)
            {
                return isHelp
                    ? Say(HelpText.OfCommands(path, help, parts))
                    : throw NoCommand(given, parts, path);
            }
            path = $"{path} {verb.Name}";
            if (verb.Parts.Count == 0)
            {
                return isHelp
                    ? Say(HelpText.OfOptions(path, verb.Help, verb.Declaration))
                    : verb.RunAsync([.. words.Skip(taken + 1)], path);
            }
            (help, parts) = (verb.Help, verb.Parts);
        }
    }

    private Task<int> Say(string text)
    {
        output.Write(text);
        return Task.FromResult(ExitCode.Done);
    }

    // Whatever else is wrong: who asks for help gets it.
    private static bool AsksForHelp(IReadOnlyList<string> words) =>
        words.TakeWhile(word => word != "--").Any(word => word is "--help" or "-h" or "-?");

    private static UsageException NoCommand(
        string? given,
        IReadOnlyList<Verb> known,
        string path
    ) =>
        new(
            (given is null ? "a command is missing" : $"'{given}' is not a command")
                + $"; commands: {string.Join(", ", known.Select(verb => verb.Name))} ({path} --help says what they do)"
        );
}
