using EchoRate.Cli.Terminal;
using EchoRate.LLamaSharp.Quantizing;
using Spectre.Console;

namespace EchoRate.Cli.Quantizing;

/// <summary>
/// Says how far quantizing is. On a terminal: a bar for each file, as long as the source's bytes, and the tensor in work. On a pipe: one line when
/// a file is done, and where that takes long, one every ten seconds.
/// </summary>
internal sealed class QuantizeProgress(
    TextWriter error,
    TimeProvider clock,
    ProgressContext? display = null
)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private QuantizeJob? _job;
    private ProgressTask? _bar;
    private string _place = "";
    private long _begun;
    private long _said;

    /// <summary>Does something with a progress display that suits the terminal.</summary>
    public static void Show(
        UserTerminal terminal,
        TimeProvider clock,
        Action<QuantizeProgress> action
    )
    {
        if (!terminal.IsInteractive)
        {
            action(new QuantizeProgress(terminal.Error, clock));
            return;
        }
        terminal
            .ErrorConsole()
            .Progress()
            .AutoClear(false)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn()
            )
            .Start(context => action(new QuantizeProgress(terminal.Error, clock, context)));
    }

    /// <summary>A file begins.</summary>
    /// <param name="job">What it belongs to.</param>
    /// <param name="file">The file.</param>
    /// <param name="index">Its place among those that are made, from 1.</param>
    public void Begin(QuantizeJob job, PlannedFile file, int index)
    {
        _job = job;
        _place = $"[{index}/{job.ToMake.Count}] {file.Name}";
        _begun = _said = clock.GetTimestamp();
        _bar = display?.AddTask(
            LiveProgress.Marked(_place),
            maxValue: Math.Max(1, job.Source.Tensors.Sum(tensor => tensor.ByteCount))
        );
    }

    /// <summary>A tensor is done; called on another thread.</summary>
    public void Done(TensorDone tensor)
    {
        if (_bar is not null)
        {
            _bar.Increment(_job!.Source.Tensor(tensor.Name)?.ByteCount ?? 0);
            _bar.Description = LiveProgress.Marked(
                $"{_place} {tensor.Index}/{tensor.Count} {tensor.Name}"
            );
        }
        else if (clock.GetElapsedTime(_said) >= _interval)
        {
            _said = clock.GetTimestamp();
            error.WriteLine($"{_place}: {tensor.Index} of {tensor.Count} tensors");
        }
    }

    /// <summary>The file is done.</summary>
    public void End(PlannedFile file)
    {
        var size = QuantizeWords.Size(new FileInfo(file.Path).Length);
        if (_bar is not null)
        {
            _bar.Description = LiveProgress.Marked($"{_place} {size}");
            _bar.Value = _bar.MaxValue;
            _bar.StopTask();
        }
        else
        {
            error.WriteLine(
                $"{_place}: {size} in {clock.GetElapsedTime(_begun).TotalSeconds:F1} s"
            );
        }
    }
}
