using System.Text.Json;

namespace EchoRate.Machine.Natives;

/// <summary>The two embedded files that pin a package: written by scripts/update-natives, never by hand.</summary>
/// <remarks>
/// The lockfile holds the SHA-512 of the bytes and no address: whatever registry or mirror the user's npm asks,
/// other bytes are refused.
/// </remarks>
internal sealed record LlamaPackageLock
{
    public required string Version { get; init; }

    public required string Release { get; init; }

    public required long DownloadBytes { get; init; }

    public required long LibraryBytes { get; init; }

    public required string PackageJson { get; init; }

    public required string PackageLockJson { get; init; }

    public static LlamaPackageLock Read(string name)
    {
        var packageJson = Resource(name, "package.json");
        using var document = JsonDocument.Parse(packageJson);
        var ours = document.RootElement.GetProperty("echorate");
        return new()
        {
            Version = document
                .RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .Single()
                .Value.GetString()!,
            Release = ours.GetProperty("llamaCpp").GetString()!,
            DownloadBytes = ours.GetProperty("downloadBytes").GetInt64(),
            LibraryBytes = ours.GetProperty("libraryBytes").GetInt64(),
            PackageJson = packageJson,
            PackageLockJson = Resource(name, "package-lock.json"),
        };
    }

    private static string Resource(string name, string file)
    {
        var assembly = typeof(LlamaPackageLock).Assembly;
        // A build on Windows writes the folder with its own separator.
        var resource = assembly
            .GetManifestResourceNames()
            .Single(found => found.Replace('\\', '/') == $"locks/{name}/{file}");
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
