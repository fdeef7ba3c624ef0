using System.Security.Cryptography;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("echorate-cli-test-").FullName;

    /// <summary>A path in the folder.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Writes a file and answers its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a file of UTF-8 text and answers its path.</summary>
    public string Write(string name, string text) =>
        Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Everything in the folder, with the hash of its content: what must be the same before and after.</summary>
    public IReadOnlyList<string> Snapshot() =>
        [
            .. Directory
                .EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(path =>
                    File.Exists(path)
                        ? $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"
                        : path
                ),
        ];

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
