namespace EchoRate.Tests.Hub;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("echorate-hub-").FullName;

    public string Of(string name) => System.IO.Path.Combine([Path, .. name.Split('/')]);

    public string Write(string name, string text)
    {
        string path = Of(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
