namespace EchoRate.Tests.Hub;

/// <summary>The manifest at the repository's root.</summary>
internal static class ShippedManifest
{
    public static string Path { get; } = FromRoot("gguf-manifest.yaml");

    public static string FromRoot(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (
            folder is not null
            && !File.Exists(System.IO.Path.Combine(folder.FullName, "EchoRate.slnx"))
        )
        {
            folder = folder.Parent;
        }
        return System.IO.Path.Combine(folder?.FullName ?? ".", name);
    }
}
