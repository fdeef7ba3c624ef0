using System.Globalization;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>Progress on a pipe: one line when a file is done, and where that takes long, one every ten seconds.</summary>
internal sealed class PlainQuantizeProgress(TextWriter error, TimeProvider clock)
    : IQuantizeProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private string _place = "";
    private long _begun;
    private long _said;

    public void Begin(Ladder ladder, PlannedFile file, int index)
    {
        _place = string.Create(
            CultureInfo.InvariantCulture,
            $"[{index}/{ladder.ToMake.Count()}] {file.Name}"
        );
        _begun = _said = clock.GetTimestamp();
    }

    public void Done(TensorDone tensor)
    {
        if (clock.GetElapsedTime(_said) >= Interval)
        {
            _said = clock.GetTimestamp();
            error.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_place}: {tensor.Index} of {tensor.Count} tensors"
                )
            );
        }
    }

    public void End(PlannedFile file) =>
        error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{_place}: {QuantizeWords.Size(new FileInfo(file.Path).Length)} in {clock.GetElapsedTime(_begun).TotalSeconds:F1} s"
            )
        );
}
