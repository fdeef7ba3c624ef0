using System.Globalization;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Runs.Executing;

namespace EchoRate.Cli.Terminal;

/// <summary>Progress on a pipe: one line when a file is done.</summary>
internal sealed class PlainProgress(TextWriter error) : IRunProgress
{
    private string _place = "";
    private RunTarget? _target;
    private long _rows;

    public void Begin(ModelFacts facts, RunTarget? target, int index, int count, long rows)
    {
        _place = string.Create(CultureInfo.InvariantCulture, $"[{index}/{count}]");
        (_target, _rows) = (target, 0);
    }

    public void Say(string line) => error.WriteLine(line);

    public void Rows(long rows) => _rows = rows;

    public void End(FileRecord file) =>
        error.WriteLine($"{_place} {Describe(file, _target, _rows)}");

    /// <summary>A file's short name, with the target where the run has several.</summary>
    public static string NameOf(ModelFacts facts, RunTarget? target)
    {
        var name = TerminalText.Of($"{facts.Model} {facts.Label}".TrimEnd());
        return target is null ? name : $"{name} ({target.Engine} {target.DeviceLabel})";
    }

    /// <summary>One line on how a file went.</summary>
    public static string Describe(FileRecord file, RunTarget? target, long rows)
    {
        var name = NameOf(file.Facts, target);
        return file.Status == RowStatus.Ok
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {rows} rows, {file.RowsPerSecond:F0} rows/s, loaded in {file.LoadMs:F0} ms on {file.Device}"
            ) + (file.Reason is null ? "" : $"; {file.Reason}")
            : $"{name}: {(file.Status == RowStatus.NotHere ? "not here" : "failed")}: {file.Reason}";
    }
}
