using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EchoRate.Cli.Errors;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Commands;

/// <summary>Options that several commands take, and how their values are read: what was given and what is allowed, in one line.</summary>
internal static class SharedOptions
{
    /// <summary>The one GGUF file that a command looks at.</summary>
    public static Argument<string> File()
    {
        var argument = new Argument<string>("FILE.gguf")
        {
            Description = "A GGUF file; of a split model, its first part",
        };
        argument.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError("FILE.gguf: an empty path was given");
            }
        });
        return argument;
    }

    /// <summary>Data for a program instead of text for a person.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object" };

    /// <summary>The run's folder.</summary>
    public static Option<string?> Out() =>
        Path("--out", "DIR", "Folder of the run, new or empty (default: runs/<date>-<time>)");

    /// <summary>A path. An empty one, as an unset shell variable leaves it, would otherwise mean the working folder.</summary>
    public static Option<string?> Path(string name, string helpName, string description)
    {
        var option = new Option<string?>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(RefuseEmpty(name, "path"));
        return option;
    }

    /// <summary>Paths, one for each time that the option is given.</summary>
    public static Option<string[]> Paths(string name, string helpName, string description)
    {
        var option = new Option<string[]>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(RefuseEmpty(name, "path"));
        return option;
    }

    /// <summary>The CSV profile.</summary>
    public static Option<CsvProfile?> Csv() =>
        new("--csv")
        {
            HelpName = "PROFILE",
            Description = CsvProfile.HelpText + " (default: excel)",
            CustomParser = result =>
                CsvProfile.TryParse(result.Tokens[0].Value, out var profile)
                    ? profile
                    : Fail<CsvProfile?>(result, "--csv", CsvProfile.AllowedNames),
        };

    /// <summary>The CSV profile of a run that exists; null for the one that it was written in.</summary>
    public static Option<CsvProfile?> CsvOfRun() =>
        new("--csv")
        {
            HelpName = "PROFILE",
            Description = CsvProfile.HelpText + " (default: the run's own)",
            CustomParser = result =>
                CsvProfile.TryParse(result.Tokens[0].Value, out var profile)
                    ? profile
                    : Fail<CsvProfile?>(result, "--csv", CsvProfile.AllowedNames),
        };

    /// <summary>The quantization that others are held against.</summary>
    public static Option<string?> Reference() =>
        new("--reference")
        {
            HelpName = "QUANT",
            Description =
                "Quantization that the others of a model are held against (default: F32, else BF16, else F16, else the most bits)",
        };

    /// <summary>Threads of the engine.</summary>
    public static Option<int?> Threads() =>
        Number("--threads", "N", "Threads that compute (default: physical cores)", 1, 1024);

    /// <summary>The backend that computes; null for the best one that works.</summary>
    public static Option<string?> Backend() =>
        new("--backend")
        {
            HelpName = "NAME",
            Description =
                "What computes: auto, cpu, cuda, cuda12, vulkan, metal (default: auto, the best one that is installed and works)",
            CustomParser = result =>
                BackendChooser.Allowed(HostEnvironment.Current()) is var allowed
                && allowed.Contains(result.Tokens[0].Value)
                    ? result.Tokens[0].Value
                    : Fail<string?>(result, "--backend", string.Join(", ", allowed)),
        };

    /// <summary>The time that one model file may take, in seconds.</summary>
    public static Option<int?> Timeout() =>
        Number(
            "--timeout",
            "S",
            "Seconds that one model file may take, loading included; what is left of it then counts as failed (default: no limit)",
            1,
            10_000_000
        );

    /// <summary>The time that one model file may take; null for no limit.</summary>
    /// <exception cref="UsageException">A limit is asked for, and no process that could be ended.</exception>
    public static TimeSpan? TimeoutOf(
        ParseResult parsed,
        Option<int?> timeout,
        Option<bool> inProcess
    ) =>
        parsed.GetValue(timeout) is not { } seconds ? null
        : parsed.GetValue(inProcess)
            ? throw new UsageException(
                $"{timeout.Name}: a file can be ended only where it has a process of its own; leave out {inProcess.Name}"
            )
        : TimeSpan.FromSeconds(seconds);

    /// <summary>Measuring without worker processes.</summary>
    public static Option<bool> InProcess() =>
        new("--in-process")
        {
            Description =
                "Measure in this process instead of one for each model file: for debugging; a crash in llama.cpp ends the run",
        };

    /// <summary>A whole number within bounds; null where it was not given.</summary>
    public static Option<int?> Number(
        string name,
        string helpName,
        string description,
        int least,
        int most
    ) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            CustomParser = result =>
                int.TryParse(
                    result.Tokens[0].Value,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                && value >= least
                && value <= most
                    ? value
                    : Fail<int?>(
                        result,
                        name,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"a whole number from {least} to {most}"
                        )
                    ),
        };

    /// <summary>A list of values, separated by commas or given again; their meaning is read later.</summary>
    public static Option<string[]> List(string name, string helpName, string description) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };

    /// <summary>Names, one for each time that the option is given.</summary>
    public static Option<string[]> Names(string name, string helpName, string description)
    {
        var option = new Option<string[]>(name) { HelpName = helpName, Description = description };
        option.Validators.Add(RefuseEmpty(name, "name"));
        return option;
    }

    private static Action<OptionResult> RefuseEmpty(string name, string what) =>
        result =>
        {
            if (result.Tokens.Any(token => token.Value.Length == 0))
            {
                result.AddError($"{name}: an empty {what} was given");
            }
        };

    /// <summary>Refuses an option's value: what was given, and what is allowed.</summary>
    public static T Fail<T>(ArgumentResult result, string option, string allowed)
    {
        result.AddError($"{option}: '{result.Tokens[0].Value}' is not allowed; allowed: {allowed}");
        return default!;
    }
}
