using EchoRate.Cli.Errors;

namespace EchoRate.Cli.Composition;

/// <summary>What a run prints on stdout at its end.</summary>
internal enum Ending
{
    /// <summary>One screen.</summary>
    Screen,

    /// <summary>Every table, and then the screen.</summary>
    Tables,

    /// <summary>The path of the run's folder.</summary>
    Quiet,
}

/// <summary>How <see cref="Ending"/> is asked for.</summary>
internal static class Endings
{
    /// <summary>What <c>--tables</c> and <c>--quiet</c> ask for.</summary>
    /// <exception cref="UsageException">Both are given.</exception>
    public static Ending Of(bool tables, bool quiet) =>
        (tables, quiet) switch
        {
            (true, true) => throw new UsageException(
                "--tables and --quiet: one prints more, the other nothing; give one of them"
            ),
            (true, false) => Ending.Tables,
            (false, true) => Ending.Quiet,
            _ => Ending.Screen,
        };
}
