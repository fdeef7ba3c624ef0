using System.Diagnostics;
using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Measures a file in this process.</summary>
/// <param name="engine">The engine.</param>
public sealed class InProcessMeasurer(IEngine engine) : IFileMeasurer
{
    /// <inheritdoc />
    public string EngineVersion => engine.Version;

    /// <inheritdoc />
    public string Libraries => engine.Report.Libraries;

    /// <inheritdoc />
    public MeasureEnd Measure(
        MeasureJob job,
        IMeasurementListener listener,
        CancellationToken cancellation
    )
    {
        PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        using var session = engine.Load(job.Facts.Path!, job.Load with { Log = listener.Log });
        listener.Loaded(
            new LoadedFile(session.Report, session.SequenceCount, clock.Elapsed.TotalMilliseconds)
        );
        clock.Restart();
        HandOver(job, session, listener, cancellation);
        return new MeasureEnd(
            clock.Elapsed.TotalMilliseconds,
            PeakMemory.Read(),
            session.Report.PeakDeviceBytes
        );
    }

    /// <summary>Probes a session and hands over its rows.</summary>
    internal static void HandOver(
        MeasureJob job,
        IModelSession session,
        IMeasurementListener listener,
        CancellationToken cancellation
    )
    {
        using var reference = job.Reference is { } plan ? ReferenceStore.Open(plan) : null;
        using var lines = new JournalLineWriter();
        var context = new ProbeContext(job.Facts, session, reference);
        if (job.IsGpuWanted && session.Report.GpuLayers == 0)
        {
            context = context with { Flags = [.. context.Flags, RowFlags.GpuNotUsed] };
        }
        foreach (var row in FileProbe.Run(context, job.Request, job.Selection))
        {
            listener.Row(new RowLine(lines.Write(row), row.Status, row.Reason));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
