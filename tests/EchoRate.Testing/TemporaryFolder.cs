using System.Security.Cryptography;

namespace EchoRate.Testing;

/// <summary>A folder of one test's own, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("echorate-test-").FullName;

    /// <summary>The names of the files in it, without those of folders in it.</summary>
    public string[] Names =>
        [.. Directory.GetFiles(Path).Select(System.IO.Path.GetFileName).Order()!];

    /// <summary>A path in the folder.</summary>
    public string At(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>Writes a file, with the folders above it, and answers its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        var path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a file of UTF-8 text and answers its path.</summary>
    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Copies a folder with all that is in it.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from, path));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

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
