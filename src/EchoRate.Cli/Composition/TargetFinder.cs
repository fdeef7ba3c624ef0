using EchoRate.Cli.Commands;
using EchoRate.Core.Engine;
using EchoRate.Llama;
using EchoRate.Machine.Probing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;

namespace EchoRate.Cli.Composition;

/// <summary>A target whose libraries are here.</summary>
/// <param name="Target">The target.</param>
/// <param name="Engine">What its engine says of itself; null where no file can be started, so that nobody looked.</param>
internal sealed record ReadyTarget(RunTarget Target, EngineFacts? Engine);

/// <summary>
/// Brings what a run measures on. Where workers measure, llama.cpp is not loaded here: a GPU library takes memory of its device for as long
/// as its process lives, and one process holds one llama.cpp. Another process is asked instead, once for each engine and folder.
/// </summary>
internal sealed class TargetFinder(Engines engines)
{
    private readonly EngineProbe _probe = new(OwnProgram.With(DevicesCommand.Name));
    private readonly Dictionary<(string Engine, string? Libraries), EngineFacts> _known = [];

    /// <summary>Makes targets ready: their libraries found or fetched, their engines asked.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="inProcess">Whether their engines are loaded into this process.</param>
    /// <param name="cancellation">Stops on request.</param>
    /// <exception cref="NativeLibraryException">Libraries cannot be had, or cannot be loaded.</exception>
    public async Task<IReadOnlyList<ReadyTarget>> ReadyAsync(
        IReadOnlyList<RunTarget> targets,
        bool inProcess,
        CancellationToken cancellation
    )
    {
        var ready = new List<ReadyTarget>();
        foreach (var asked in targets)
        {
            var target = asked with
            {
                Libraries = await engines
                    .Source(asked.Engine)
                    .FindLibrariesAsync(asked, cancellation),
            };
            var key = (target.Engine, target.Libraries);
            if (!_known.TryGetValue(key, out var facts))
            {
                facts = inProcess
                    ? EngineFacts.Of(await engines.LoadAsync(target, cancellation))
                    : await _probe.AskAsync(target.Engine, target.Libraries, cancellation);
                _known.Add(key, facts);
            }
            ready.Add(new ReadyTarget(target, facts));
        }
        return ready;
    }

    /// <summary>What measures files on each target: a process for each file, or this one.</summary>
    /// <param name="plan">The run.</param>
    /// <param name="ready">Its targets.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cancellation">Stops on request.</param>
    public async Task<IReadOnlyList<TargetMeasurer>> MeasurersAsync(
        RunPlan plan,
        IReadOnlyList<ReadyTarget> ready,
        TimeProvider clock,
        CancellationToken cancellation
    )
    {
        var measurers = new List<TargetMeasurer>();
        foreach (var (target, facts) in ready)
        {
            IFileMeasurer? measurer =
                facts is null ? null
                : plan.InProcess
                    ? new InProcessMeasurer(await engines.LoadAsync(target, cancellation))
                : new WorkerMeasurer(
                    OwnProgram.With(WorkerCommand.Name),
                    target,
                    facts.Version,
                    plan.Timeout,
                    clock,
                    message => new NativeLibraryException(message)
                );
            measurers.Add(new TargetMeasurer(target, measurer));
        }
        return measurers;
    }
}
