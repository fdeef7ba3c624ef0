namespace EchoRate.Gguf;

/// <summary>A file that was given as an importance matrix and is none that can be used: one line that names it.</summary>
public sealed class ImportanceMatrixException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ImportanceMatrixException(string path, string problem, Exception? cause = null)
        : base($"{path}: {problem}", cause) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
