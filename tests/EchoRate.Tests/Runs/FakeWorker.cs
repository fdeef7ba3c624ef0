using System.Text;
using EchoRate.Core.Engine;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Workers;

namespace EchoRate.Tests.Runs;

/// <summary>A worker that says what a test wrote down, and then is silent for ever, or dies.</summary>
internal sealed class FakeWorker(ManualClock clock, bool hangs = false, int exitCode = 134)
    : IWorkerLink
{
    private readonly Queue<(string Line, Action? Before)> _lines = new();

    public List<string> LastWords { get; } = [];

    public bool WasKilled { get; private set; }

    public bool WasStopped { get; private set; }

    public bool IsGone { get; private set; }

    public FakeWorker Says(WorkerMessage message) =>
        Says(System.Text.Json.JsonSerializer.Serialize(message, WorkerJson.Default.WorkerMessage));

    public FakeWorker Says(string line, Action? before = null)
    {
        _lines.Enqueue((line, before));
        return this;
    }

    public FakeWorker Loads() =>
        Says(
            new WorkerMessage
            {
                Loaded = new LoadedFile(
                    new SessionReport
                    {
                        Backend = "cpu",
                        Device = "CPU",
                        GpuLayers = 0,
                        Layers = 1,
                        Threads = 1,
                        AddsBos = true,
                    },
                    32,
                    12.5
                ),
            }
        );

    public WorkerNews Next(out byte[] line, TimeSpan wait)
    {
        line = [];
        if (_lines.TryDequeue(out var next))
        {
            next.Before?.Invoke();
            line = Encoding.UTF8.GetBytes(next.Line);
            return WorkerNews.Line;
        }
        if (!hangs || WasKilled || WasStopped)
        {
            return WorkerNews.End;
        }
        clock.Advance(wait);
        return WorkerNews.Nothing;
    }

    public void Stop()
    {
        WasStopped = true;
        Says(new WorkerMessage { Stopped = true });
    }

    public void Kill() => WasKilled = true;

    public WorkerDeath WaitForDeath() => new(WasKilled ? 137 : exitCode, LastWords);

    public void Dispose() => IsGone = true;
}
