using Cocona.Command;
using Cocona.CommandLine;
using EchoRate.Cli.Errors;

namespace EchoRate.Cli.CommandLine;

/// <summary>
/// Sorts words into options and arguments. It stands in for Cocona's parser, which silently takes what nobody can have meant: surplus
/// arguments, an option given twice (the last one holds), <c>--file --threads 2</c> (a file named --threads), <c>--flag=maybe</c> (false).
/// Here each of these is a usage error.
/// </summary>
internal sealed class StrictParser
{
    private readonly CommandDescriptor _command;
    private readonly string _path;
    private readonly Dictionary<string, CommandOptionDescriptor> _known;
    private readonly List<CommandOption> _options = [];
    private readonly List<CommandArgument> _arguments = [];

    private StrictParser(CommandDescriptor command, string path)
    {
        (_command, _path) = (command, path);
        _known = command.Options.ToDictionary(option => "--" + option.Name);
    }

    /// <summary>The options and arguments in words.</summary>
    /// <exception cref="UsageException">The command does not take them.</exception>
    public static ParsedCommandLine Parse(
        CommandDescriptor command,
        IReadOnlyList<string> words,
        string path
    )
    {
        var parser = new StrictParser(command, path);
        parser.Sort(words);
        parser.CheckArguments();
        return new ParsedCommandLine(parser._options, parser._arguments, []);
    }

    private void Sort(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "--")
            {
                _arguments.AddRange(words.Skip(i + 1).Select(word => new CommandArgument(word, i)));
                return;
            }
            if (!LooksLikeAnOption(words[i]))
            {
                _arguments.Add(new CommandArgument(words[i], i));
                continue;
            }
            var (name, value) = words[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (words[i], null);
            if (!_known.TryGetValue(name, out var option))
            {
                throw Refusal(
                    $"'{name}' is not an option of {_path}"
                        + (
                            _command.Arguments.Count > 0
                                ? "; put -- before an argument that begins with a dash"
                                : ""
                        )
                );
            }
            if (!option.IsEnumerableLike && _options.Exists(given => given.Option == option))
            {
                throw Refusal($"{name} is given twice");
            }
            Add(option, name, value ?? ValueAfter(words, ref i, option, name));
        }
    }

    private string ValueAfter(
        IReadOnlyList<string> words,
        ref int i,
        CommandOptionDescriptor option,
        string name
    )
    {
        var next = i + 1 < words.Count ? words[i + 1] : null;
        if (option.UnwrappedOptionType == typeof(bool))
        {
            return next is not null && OptionValues.IsFlag(next) ? words[++i] : "true";
        }
        if (next is null)
        {
            throw Refusal($"{name}: a value is missing");
        }
        // A value may begin with one dash: -1 is a number, and - is stdin.
        return next.StartsWith("--", StringComparison.Ordinal)
            ? throw Refusal(
                $"{name}: a value is missing before '{next}'; a value that begins with two dashes is given as {name}=VALUE"
            )
            : words[++i];
    }

    private void Add(CommandOptionDescriptor option, string name, string value)
    {
        if (!option.ParameterAttributes.OfType<CommaListAttribute>().Any())
        {
            Check(option, name, value);
            _options.Add(new CommandOption(option, value, 0));
            return;
        }
        foreach (var part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length == 0)
            {
                throw Refusal($"{name}: an empty value in '{value}'");
            }
            if (
                _options.Exists(given =>
                    given.Option == option
                    && part.Equals(given.Value, StringComparison.OrdinalIgnoreCase)
                )
            )
            {
                throw Refusal($"{name}: '{part}' is given twice");
            }
            if (!OptionValues.IsText(option))
            {
                Check(option, name, part);
            }
            _options.Add(new CommandOption(option, part, 0));
        }
    }

    // An unset variable of a shell leaves an empty value. As a path it would mean the working folder.
    private void Check(CommandOptionDescriptor option, string name, string value)
    {
        if (OptionValues.IsText(option) && value.Length == 0)
        {
            throw Refusal($"{name}: an empty {KindOf(option.ValueName)} was given");
        }
        if (!OptionValues.IsAllowed(option, value))
        {
            throw Refusal(
                $"{name}: '{value}' is not allowed; allowed: {OptionValues.Allowed(option)}"
            );
        }
    }

    private void CheckArguments()
    {
        var known = _command.Arguments;
        if (known.Skip(_arguments.Count).FirstOrDefault(one => one.IsRequired) is { } missing)
        {
            throw Refusal($"{missing.Name} is missing");
        }
        if (_arguments.Count > known.Count && !known.Any(one => one.IsEnumerableLike))
        {
            throw Refusal($"'{_arguments[known.Count].Value}' is one argument too many");
        }
        for (var i = 0; i < _arguments.Count; i++)
        {
            var name = known[Math.Min(i, known.Count - 1)].Name;
            if (_arguments[i].Value.Length == 0 && PathNames.IsPath(name))
            {
                throw Refusal($"{name}: an empty path was given");
            }
        }
    }

    // No option has one dash but -h and -?, so a letter after it is a mistake, and -5 is a text or a number.
    private static bool LooksLikeAnOption(string word) =>
        word.StartsWith("--", StringComparison.Ordinal)
        || (word.Length > 1 && word[0] == '-' && char.IsAsciiLetter(word[1]));

    private static string KindOf(string valueName) => PathNames.IsPath(valueName) ? "path" : "name";

    private UsageException Refusal(string problem) =>
        new($"{problem} ({_path} --help lists what is allowed)");
}
