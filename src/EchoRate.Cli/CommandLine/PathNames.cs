namespace EchoRate.Cli.CommandLine;

/// <summary>What a value's name in the help tells of it: <c>DIR</c> and <c>RUN_DIR</c> are folders, <c>FILE</c> and <c>SRC.gguf</c> are files.</summary>
internal static class PathNames
{
    public static bool IsPath(string name) => IsFolder(name) || IsFile(name);

    public static bool IsFolder(string name) => name.EndsWith("DIR", StringComparison.Ordinal);

    public static bool IsFile(string name) =>
        name == "FILE" || name.EndsWith(".gguf", StringComparison.Ordinal);
}
