namespace EchoRate.Cli.CommandLine;

/// <summary>What a value's name in the help tells of it: <c>DIR</c> and <c>RUN_DIR</c> are folders, <c>FILE</c> and <c>SRC.gguf</c> are files.</summary>
internal static class PathNames
{
    /// <summary>Whether the value is a path.</summary>
    public static bool IsPath(string name) => IsFolder(name) || IsFile(name);

    /// <summary>Whether the value is a folder.</summary>
    public static bool IsFolder(string name) => name.EndsWith("DIR", StringComparison.Ordinal);

    /// <summary>Whether the value is a file.</summary>
    public static bool IsFile(string name) =>
        name == "FILE" || name.EndsWith(".gguf", StringComparison.Ordinal);
}
