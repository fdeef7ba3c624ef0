namespace EchoRate.Gguf;

/// <summary>A file that was given as an importance matrix and is none that can be used: one line that names it.</summary>
public sealed class ImportanceMatrixException(string path, string problem, Exception? cause = null)
    : Exception($"{path}: {problem}", cause);
