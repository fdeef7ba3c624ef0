using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Commands;

/// <summary>Options that several commands take, and how their values are read: what was given and what is allowed, in one line.</summary>
internal static class SharedOptions
{
    /// <summary>The run's folder.</summary>
    public static Option<string?> Out() =>
        new("--out")
        {
            HelpName = "DIR",
            Description = "Folder of the run, new or empty (default: runs/<date>-<time>)",
        };

    /// <summary>The CSV profile.</summary>
    public static Option<CsvProfile> Csv() =>
        new("--csv")
        {
            HelpName = "PROFILE",
            Description = CsvProfile.HelpText,
            DefaultValueFactory = _ => CsvProfile.Excel,
            CustomParser = result =>
                CsvProfile.TryParse(result.Tokens[0].Value, out var profile)
                    ? profile
                    : Fail<CsvProfile>(result, "--csv", CsvProfile.AllowedNames),
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
    public static Option<int> Threads() =>
        Number("--threads", "N", "Threads that compute (default: physical cores)", 0, 1, 1024);

    /// <summary>A whole number within bounds.</summary>
    public static Option<int> Number(
        string name,
        string helpName,
        string description,
        int byDefault,
        int least,
        int most
    ) =>
        new(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = _ => byDefault,
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
                    : Fail<int>(
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
            DefaultValueFactory = _ => [],
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false,
        };

    private static T Fail<T>(ArgumentResult result, string option, string allowed)
    {
        result.AddError($"{option}: '{result.Tokens[0].Value}' is not allowed; allowed: {allowed}");
        return default!;
    }
}
