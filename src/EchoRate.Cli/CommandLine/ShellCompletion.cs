using Cocona.Application;
using Cocona.Command;
using Cocona.Command.BuiltIn;
using Cocona.ShellCompletion.Candidate;
using Cocona.ShellCompletion.Generators;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Errors;
using EchoRate.Gguf;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.CommandLine;

/// <summary>Scripts for shells that complete commands, options and the values of some options: <c>source &lt;(echorate --completion bash)</c>.</summary>
internal static class ShellCompletion
{
    /// <summary>The option that asks for a script.</summary>
    public const string Option = "--completion";

    /// <summary>The shells that there is a script for.</summary>
    public const string Shells = "bash, zsh";

    // Cocona's script calls a function of the package bash-completion, which not every machine has.
    private const string WithoutPackage = """
        declare -F _init_completion >/dev/null || _init_completion() {
            COMPREPLY=()
            words=("${COMP_WORDS[@]}")
            cword=$COMP_CWORD
            cur="${COMP_WORDS[COMP_CWORD]}"
            prev="${COMP_WORDS[COMP_CWORD-1]}"
        }

        """;

    /// <summary>The script for a shell.</summary>
    /// <exception cref="UsageException">No shell is named, or none that is known.</exception>
    public static string Script(IReadOnlyList<Verb> verbs, IReadOnlyList<string> shell)
    {
        var facts = new Facts();
        using var script = new StringWriter { NewLine = "\n" };
        switch (shell)
        {
            case ["bash"]:
                script.Write(WithoutPackage);
                new BashCoconaShellCompletionCodeGenerator(facts, facts).Generate(
                    script,
                    Commands(verbs, text => text)
                );
                // Cocona's script calls its own function once while it is sourced, where there is nothing to complete.
                return script
                    .ToString()
                    .ReplaceLineEndings("\n")
                    .Replace("\n__cocona_echorate_completion_entrypoint\n", "\n");
            case ["zsh"]:
                new ZshCoconaShellCompletionCodeGenerator(facts, facts).Generate(
                    script,
                    Commands(verbs, QuotedForZsh)
                );
                script.WriteLine(
                    $"compdef _{CommandLineApp.ProgramName} {CommandLineApp.ProgramName}"
                );
                return script.ToString();
            case []:
                throw new UsageException($"{Option}: a shell is missing; allowed: {Shells}");
            default:
                throw new UsageException(
                    $"{Option}: '{string.Join(' ', shell)}' is not allowed; allowed: {Shells}"
                );
        }
    }

    // --help, --version and --completion are what Cocona adds to the commands by itself.
    private static CommandCollection Commands(
        IReadOnlyList<Verb> verbs,
        Func<string, string> quoted
    ) =>
        new CoconaBuiltInCommandProvider(
            new Provider(
                new CommandCollection([.. verbs.Select(verb => Quoted(verb.Declaration, quoted))])
            ),
            enableShellCompletionSupport: true
        ).GetCommandCollection();

    private static CommandDescriptor Quoted(
        CommandDescriptor command,
        Func<string, string> quoted
    ) =>
        new(
            command.Method,
            command.Target,
            command.Name,
            command.Aliases,
            quoted(command.Description),
            command.Metadata,
            command.Parameters,
            [
                .. command.Options.Select(option => new CommandOptionDescriptor(
                    option.OptionType,
                    option.Name,
                    option.ShortName,
                    quoted(option.Description),
                    option.DefaultValue,
                    option.ValueName,
                    option.Flags,
                    option.ParameterAttributes
                )),
            ],
            [
                .. command.Arguments.Select(argument => new CommandArgumentDescriptor(
                    argument.ArgumentType,
                    quoted(argument.Name),
                    argument.Order,
                    argument.Description,
                    argument.DefaultValue,
                    argument.ParameterAttributes
                )),
            ],
            command.Overloads,
            command.OptionLikeCommands,
            command.Flags,
            command.SubCommands is { } parts
                ? new CommandCollection([.. parts.All.Select(part => Quoted(part, quoted))])
                : null
        );

    // Cocona puts texts between single quotes and brackets as they are.
    private static string QuotedForZsh(string text) =>
        text.Replace("'", "’").Replace("[", "\\[").Replace("]", "\\]").Replace(":", "\\:");

    private sealed class Provider(CommandCollection commands) : ICoconaCommandProvider
    {
        public CommandCollection GetCommandCollection() => commands;
    }

    /// <summary>The program's name, and the values that an option may have.</summary>
    private sealed class Facts : ICoconaApplicationMetadataProvider, ICoconaCompletionCandidates
    {
        public string GetExecutableName() => CommandLineApp.ProgramName;

        public string GetProductName() => CommandLineApp.ProgramName;

        public string GetDescription() => "";

        public string GetVersion() => "";

        public StaticCompletionCandidates GetStaticCandidatesFromOption(
            CommandOptionDescriptor option
        ) =>
            new(
                option.OptionType == typeof(CsvProfile) ? Words(CsvProfile.AllowedNames)
                : option.OptionType == typeof(BackendName) ? Words(BackendName.Allowed)
                : option.OptionType == typeof(GgufTensorType?) ? Words(OptionValues.TensorTypes)
                : Paths(option.ValueName)
            );

        public StaticCompletionCandidates GetStaticCandidatesFromArgument(
            CommandArgumentDescriptor argument
        ) => new(Paths(argument.Name));

        public IReadOnlyList<CompletionCandidateValue> GetOnTheFlyCandidates(
            string paramName,
            IReadOnlyList<string> args,
            int curPos,
            string? candidateHint
        ) => [];

        private static CompletionCandidateResult Words(string allowed) =>
            CompletionCandidateResult.Keywords(
                allowed.Split(", ").Select(word => new CompletionCandidateValue(word, ""))
            );

        private static CompletionCandidateResult Paths(string name) =>
            PathNames.IsFolder(name)
                ? CompletionCandidateResult.Directory
                : CompletionCandidateResult.Default;
    }
}
