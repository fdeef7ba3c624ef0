using EchoRate.Cli.Commands;
using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Composition;

/// <summary>Chooses what measures a run's files: a process for each, or this one.</summary>
internal static class Measurers
{
    /// <summary>What measures the files of a plan.</summary>
    public static IFileMeasurer Of(RunPlan plan, IEngine engine, TimeProvider clock) =>
        plan.InProcess
            ? new InProcessMeasurer(engine)
            : new WorkerMeasurer(
                WorkerProgram(),
                engine.Version,
                plan.Timeout,
                clock,
                message => new NativeLibraryException(message)
            );

    // This very program. Run as `dotnet echorate.dll`, the process is dotnet's.
    private static string[] WorkerProgram()
    {
        var program =
            Environment.ProcessPath
            ?? throw new InvalidOperationException("the system does not say which program this is");
        var assembly = typeof(Measurers).Assembly.Location;
        var isHosted =
            Path.GetFileNameWithoutExtension(program)
                .Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            && assembly.Length > 0;
        return isHosted ? [program, assembly, WorkerCommand.Name] : [program, WorkerCommand.Name];
    }
}
