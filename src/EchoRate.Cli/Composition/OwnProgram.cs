using EchoRate.Cli.Terminal;
using EchoRate.Machine.Backends;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Composition;

/// <summary>This very program, to be started again.</summary>
internal static class OwnProgram
{
    /// <summary>The command that does one job of a run.</summary>
    public const string Worker = "worker";

    /// <summary>The command that tries a GPU library.</summary>
    public const string Trial = "trial";

    /// <summary>What a user types to start it again: <c>echorate</c>, or <c>dotnet run</c> for what it just built in the working folder.</summary>
    public static string Spoken { get; } =
        SpokenIn(UserTerminal.CurrentFolder() ?? "", AppContext.BaseDirectory);

    internal static string SpokenIn(string workingFolder, string programFolder)
    {
        var project = Path.Combine("src", "EchoRate.Cli");
        var built = Path.Combine(workingFolder, project, "bin") + Path.DirectorySeparatorChar;
        return programFolder.StartsWith(built, StringComparison.Ordinal)
            ? $"dotnet run --project {project} --"
            : "echorate";
    }

    /// <summary>Tries llama.cpp and GPU libraries as workers would load them.</summary>
    public static TrialRunner Trials() => new(With(Trial), WorkerEnvironment.Set);

    /// <summary>The program and a command of its own. Run as <c>dotnet echorate.dll</c>, the process is dotnet's.</summary>
    public static string[] With(string command)
    {
        var program =
            Environment.ProcessPath
            ?? throw new InvalidOperationException("the system does not say which program this is");
        var assembly = typeof(OwnProgram).Assembly.Location;
        var isHosted =
            Path.GetFileNameWithoutExtension(program)
                .Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            && assembly.Length > 0;
        return isHosted ? [program, assembly, command] : [program, command];
    }
}
