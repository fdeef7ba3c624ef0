using System.Globalization;
using EchoRate.Cli.Terminal;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;
using Spectre.Console;

namespace EchoRate.Cli.Quantizing;

/// <summary>Progress on a terminal: a bar for each file, as long as the source's bytes, and the tensor in work.</summary>
internal sealed class LiveQuantizeProgress(ProgressContext context) : IQuantizeProgress
{
    private ProgressTask? _task;
    private GgufFile? _source;
    private string _title = "";

    /// <summary>Does something with a progress display that suits the terminal.</summary>
    public static void Show(
        UserTerminal terminal,
        TimeProvider clock,
        Action<IQuantizeProgress> action
    )
    {
        if (!terminal.IsInteractive)
        {
            action(new PlainQuantizeProgress(terminal.Error, clock));
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
            .Start(context => action(new LiveQuantizeProgress(context)));
    }

    public void Begin(Ladder ladder, PlannedFile file, int index)
    {
        _source = ladder.Source;
        _title = Markup.Escape(
            string.Create(
                CultureInfo.InvariantCulture,
                $"[{index}/{ladder.ToMake.Count()}] {file.Name}"
            )
        );
        _task = context.AddTask(
            _title,
            maxValue: Math.Max(1, ladder.Source.Tensors.Sum(tensor => tensor.ByteCount))
        );
    }

    public void Done(TensorDone tensor)
    {
        _task!.Increment(_source!.Tensor(tensor.Name)?.ByteCount ?? 0);
        _task.Description = string.Create(
            CultureInfo.InvariantCulture,
            $"{_title} {tensor.Index}/{tensor.Count} {Markup.Escape(tensor.Name)}"
        );
    }

    public void End(PlannedFile file)
    {
        _task!.Description = $"{_title} {QuantizeWords.Size(new FileInfo(file.Path).Length)}";
        _task.Value = _task.MaxValue;
        _task.StopTask();
    }
}
