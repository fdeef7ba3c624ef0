using EchoRate.Cli.Terminal;
using EchoRate.LLamaSharp.Quantizing;
using Spectre.Console;

namespace EchoRate.Cli.Quantizing;

/// <summary>
/// Says how far quantizing is. On a terminal: a bar for each file, as long as the source's bytes, and the tensor in work. On a pipe: one line when
/// a file is done, and where that takes long, one every ten seconds.
/// </summary>
internal sealed class QuantizeProgress(
    Action<string> say,
    TimeProvider clock,
    ProgressContext? bars
)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    private QuantizeJob? _job;
    private ProgressTask? _bar;
    private string _place = "";
    private long _begun;
    private long _said;

    /// <summary>A file begins; its index counts those that are made, from 1.</summary>
    public void Begin(QuantizeJob job, PlannedFile file, int index)
    {
        _job = job;
        _place = $"[{index}/{job.ToMake.Count}] {file.Name}";
        _begun = _said = clock.GetTimestamp();
        _bar = bars?.AddTask(
            ProgressBars.Marked(_place),
            maxValue: Math.Max(1, job.Source.Tensors.Sum(tensor => tensor.ByteCount))
        );
    }

    /// <summary>A tensor is done; called on another thread.</summary>
    public void Done(TensorDone tensor)
    {
        if (_bar is not null)
        {
            _bar.Increment(_job!.Source.Tensor(tensor.Name)?.ByteCount ?? 0);
            _bar.Description = ProgressBars.Marked(
                $"{_place} {tensor.Index}/{tensor.Count} {tensor.Name}"
            );
        }
        else if (clock.GetElapsedTime(_said) >= _interval)
        {
            _said = clock.GetTimestamp();
            say($"{_place}: {tensor.Index} of {tensor.Count} tensors");
        }
    }

    /// <summary>The file is done.</summary>
    public void End(PlannedFile file)
    {
        var size = QuantizeWords.Size(new FileInfo(file.Path).Length);
        if (_bar is not null)
        {
            _bar.End($"{_place} {size}");
        }
        else
        {
            say($"{_place}: {size} in {clock.GetElapsedTime(_begun).TotalSeconds:F1} s");
        }
    }
}
