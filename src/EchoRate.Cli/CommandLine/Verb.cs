using System.Reflection;
using Cocona;
using Cocona.Command;
using Cocona.Command.Binder;
using Cocona.Command.Binder.Validation;
using Cocona.CommandLine;

namespace EchoRate.Cli.CommandLine;

/// <summary>
/// A command of the command line, as its method declares it: <c>[Command]</c> holds name and help, the properties of the parameter's type are
/// its options and arguments.
/// </summary>
internal sealed class Verb
{
    private readonly MethodInfo? _method;
    private readonly Func<object> _make;
    private readonly Lazy<CommandDescriptor> _declaration;

    private Verb(
        string name,
        string help,
        MethodInfo? method,
        Func<object> make,
        IReadOnlyList<Verb> parts
    )
    {
        (Name, Help, _method, _make, Parts) = (name, help, method, make, parts);
        _declaration = new(Declare);
    }

    /// <summary>The word that is typed.</summary>
    public string Name { get; }

    /// <summary>One line for the help.</summary>
    public string Help { get; }

    /// <summary>The commands below a word that does nothing itself, as in <c>backend add</c>; else none.</summary>
    public IReadOnlyList<Verb> Parts { get; }

    /// <summary>Options and arguments. Reflection takes some milliseconds, so only the command that was typed is looked at.</summary>
    public CommandDescriptor Declaration => _declaration.Value;

    /// <summary>The command that a type declares with its one method.</summary>
    public static Verb Of<T>(Func<T> make)
        where T : class => Declared(make).Single();

    /// <summary>A word for the commands that a type declares with its methods.</summary>
    public static Verb Group<T>(string name, string help, Func<T> make)
        where T : class => new(name, help, null, make, Declared(make));

    /// <summary>Carries the command out and answers the exit code; errors name its path, as in <c>echorate backend add</c>.</summary>
    public Task<int> RunAsync(IReadOnlyList<string> words, string path) =>
        (Task<int>)
            _method!.Invoke(
                _make(),
                BindingFlags.DoNotWrapExceptions,
                null,
                Bind(StrictParser.Parse(Declaration, words, path)),
                null
            )!;

    /// <summary>The parameter set that words make.</summary>
    public T Read<T>(IReadOnlyList<string> words) => (T)Bind(Parse(words))[0]!;

    /// <summary>The names of the options and arguments among words.</summary>
    public IEnumerable<string> NamesIn(IReadOnlyList<string> words)
    {
        var parsed = Parse(words);
        return parsed
            .Options.Select(given => given.Option.Name)
            .Concat(Declaration.Arguments.Take(parsed.Arguments.Count).Select(one => one.Name))
            .Distinct();
    }

    private ParsedCommandLine Parse(IReadOnlyList<string> words) =>
        StrictParser.Parse(Declaration, words, $"{CommandLineApp.ProgramName} {Name}");

    private object?[] Bind(ParsedCommandLine parsed) =>
        new CoconaParameterBinder(
            NoServices.Instance,
            new OptionValues(),
            NoServices.Instance
        ).Bind(Declaration, parsed.Options, parsed.Arguments);

    private static IReadOnlyList<Verb> Declared<T>(Func<T> make)
        where T : class =>
        [
            .. typeof(T)
                .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Select(method => (Method: method, method.GetCustomAttribute<CommandAttribute>()))
                .Where(found => found.Item2 is not null)
                .Select(found => new Verb(
                    found.Item2!.Name!,
                    found.Item2.Description!,
                    found.Method,
                    make,
                    []
                )),
        ];

    private CommandDescriptor Declare() =>
        _method is null
            ? new CommandDescriptor(
                ((Delegate)_make).Method,
                null,
                Name,
                [],
                Help,
                [],
                [],
                [],
                [],
                [],
                [],
                CommandFlags.SubCommandsEntryPoint,
                new CommandCollection([.. Parts.Select(part => part.Declaration)])
            )
            : new CoconaCommandProvider(
                Array.Empty<Type>(),
                CommandProviderOptions.None
            ).CreateCommand(_method, isSingleCommand: false, [], null);

    /// <summary>Cocona can put services into parameters, and check values; here neither is wanted.</summary>
    private sealed class NoServices : IServiceProvider, ICoconaParameterValidatorProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;

        public IEnumerable<ICoconaParameterValidator> CreateValidators(
            ICommandParameterDescriptor parameter
        ) => [];
    }
}
