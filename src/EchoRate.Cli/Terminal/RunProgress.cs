using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Provenance;
using Spectre.Console;

namespace EchoRate.Cli.Terminal;

/// <summary>How far a run is: on a terminal a bar for each model file; on a pipe one line when a file is done, and one every 20 seconds until then.</summary>
internal sealed class RunProgress(Action<string> say, TimeProvider clock, ProgressContext? bars)
    : IRunProgress
{
    private static readonly TimeSpan _saysEvery = TimeSpan.FromSeconds(20);
    private ProgressTask? _bar;
    private long _begun;
    private string _place = "";
    private RunTarget? _target;
    private (long First, long Now, long Most) _rows;
    private TimeSpan _said;

    public void Begin(ModelFacts facts, RunTarget? target, int index, int count, long rows)
    {
        _place = $"[{index}/{count}]";
        (_target, _rows, _said) = (target, (0, 0, rows), TimeSpan.Zero);
        _bar = bars?.AddTask(
            ProgressBars.Marked($"{_place} {NameOf(facts, target)}"),
            maxValue: Math.Max(1, rows)
        );
    }

    public void Say(string line) => say(line);

    public void Rows(FileProgress progress)
    {
        var rows = progress.Rows;
        // Loading, and rows that are there already, say nothing of the speed.
        if (_rows.First == 0)
        {
            (_rows.First, _begun) = (rows, clock.GetTimestamp());
        }
        (_rows.Now, _rows.Most) = (rows, progress.AllRows ?? _rows.Most);
        if (_bar is not null)
        {
            (_bar.MaxValue, _bar.Value) = (Math.Max(1, _rows.Most), rows);
            return;
        }
        var (elapsed, done) = (clock.GetElapsedTime(_begun), rows - _rows.First);
        if (elapsed - _said < _saysEvery || done <= 0 || rows >= _rows.Most)
        {
            return;
        }
        _said = elapsed;
        var left = elapsed * ((double)Math.Max(0, _rows.Most - rows) / done);
        say($"{_place} {rows} of {_rows.Most} rows, about {left:h\\:mm\\:ss} left");
    }

    public void End(FileRecord file)
    {
        var text = Describe(file, _target, _rows.Now);
        if (_bar is null)
        {
            say($"{_place} {text}");
        }
        else
        {
            _bar.End(text);
        }
    }

    /// <summary>A file's short name, with the target where the run has several.</summary>
    public static string NameOf(ModelFacts facts, RunTarget? target)
    {
        var name = TerminalText.Of(facts.Name);
        return target is null ? name : $"{name} ({target.Engine} {target.DeviceLabel})";
    }

    // One line on how a file went.
    private static string Describe(FileRecord file, RunTarget? target, long rows)
    {
        var name = NameOf(file.Facts, target);
        var speed = file.RowsPerSecond is { } measured ? $"{measured:F0} rows/s, " : "";
        return file.Status == RowStatus.Ok
            ? $"{name}: {rows} rows, {speed}loaded in {file.LoadMs:F0} ms on {file.Device}"
                + (file.Reason is null ? "" : $"; {file.Reason}")
            : $"{name}: {(file.Status == RowStatus.NotHere ? "not here" : "failed")}: {file.Reason}";
    }
}
