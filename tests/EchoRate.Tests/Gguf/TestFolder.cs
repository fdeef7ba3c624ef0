namespace EchoRate.Tests.Gguf;

/// <summary>A folder of one test's own, gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("echorate-gguf-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public IEnumerable<string> Files =>
        Directory.EnumerateFiles(_path).Select(f => Path.GetFileName(f)!);

    public string Save(string name, byte[] bytes)
    {
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
