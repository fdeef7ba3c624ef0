using System.Globalization;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Cli.Terminal;

/// <summary>Progress on a pipe: one line when a file is done.</summary>
internal sealed class PlainProgress(TextWriter error) : IRunProgress
{
    private string _place = "";
    private int _rows;

    public void Begin(ModelFacts facts, int index, int count, long rows)
    {
        _place = string.Create(CultureInfo.InvariantCulture, $"[{index}/{count}]");
        _rows = 0;
    }

    public void Rows(int rows) => _rows = rows;

    public void End(FileRecord file) => error.WriteLine($"{_place} {Describe(file, _rows)}");

    /// <summary>One line on how a file went.</summary>
    public static string Describe(FileRecord file, int rows)
    {
        var name = $"{file.Facts.Model} {file.Facts.Quantization}".TrimEnd();
        return file.Status == RowStatus.Ok
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {rows} rows, {file.RowsPerSecond:F0} rows/s, loaded in {file.LoadMs:F0} ms on {file.Device}"
            ) + (file.Reason is null ? "" : $"; {file.Reason}")
            : $"{name}: {(file.Status == RowStatus.NotHere ? "not here" : "failed")}: {file.Reason}";
    }
}
