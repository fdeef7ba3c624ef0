namespace EchoRate.Tests.Reports;

/// <summary>A folder that goes with the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("echorate-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string[] Names() =>
        [.. Directory.GetFiles(Path).Select(System.IO.Path.GetFileName).Order()!];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
