using EchoRate.Cli.Errors;

namespace EchoRate.Cli.CommandLine;

/// <summary>
/// The command line. This folder is the only one that knows Cocona, beside the attributes of commands: Cocona turns declarations into options,
/// binds values to them and writes completion scripts. Its host, its dispatcher and its parser are left out: they take long to start, have exit
/// codes and messages of their own, and let mistakes pass.
/// </summary>
internal sealed class CommandLineApp(string about, IReadOnlyList<Verb> verbs, TextWriter output)
{
    /// <summary>The program's name.</summary>
    public const string ProgramName = "echorate";

    /// <summary>Runs the command that words name.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UsageException">They name none, or the command does not take them.</exception>
    public Task<int> RunAsync(IReadOnlyList<string> words)
    {
        if (words.Count > 0 && words[0] == ShellCompletion.Option)
        {
            output.Write(ShellCompletion.Script(verbs, [.. words.Skip(1)]));
            return Task.FromResult(ExitCode.Done);
        }
        var (path, help, parts, taken) = (ProgramName, about, verbs, 0);
        while (true)
        {
            var verb = parts.FirstOrDefault(part => part.Name == words.ElementAtOrDefault(taken));
            if (verb is null && !AsksForHelp(words))
            {
                throw NoCommand(words.ElementAtOrDefault(taken), parts, path);
            }
            if (verb is null)
            {
                output.Write(HelpText.OfCommands(path, help, parts));
                return Task.FromResult(ExitCode.Done);
            }
            (path, help, parts, taken) = ($"{path} {verb.Name}", verb.Help, verb.Parts, taken + 1);
            if (parts.Count > 0)
            {
                continue;
            }
            if (!AsksForHelp(words))
            {
                return verb.RunAsync([.. words.Skip(taken)], path);
            }
            output.Write(HelpText.OfOptions(path, help, verb.Declaration));
            return Task.FromResult(ExitCode.Done);
        }
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
