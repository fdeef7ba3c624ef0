using System.Text;
using EchoRate.Core.Results;
using EchoRate.Runs.Executing;

namespace EchoRate.Tests.Runs;

/// <summary>Remembers what measuring a file said.</summary>
internal sealed class Heard : IMeasurementListener
{
    public List<LoadedFile> Files { get; } = [];

    public List<string> Lines { get; } = [];

    public List<(RowStatus Status, string? Reason)> Statuses { get; } = [];

    public void Loaded(LoadedFile file) => Files.Add(file);

    public void Row(RowLine row)
    {
        Lines.Add(Encoding.UTF8.GetString(row.Json));
        Statuses.Add((row.Status, row.Reason));
    }

    public void Log(string line) { }
}
