namespace EchoRate.Gguf;

/// <summary>
/// How much each column of each weight matters, as llama-imatrix measured it on some text: the mean square of what the column is
/// multiplied with. Quantizing then errs where it matters least.
/// </summary>
public sealed partial record ImportanceMatrix
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>Values by tensor name: a row's length, of experts one row's length after the other; finite.</summary>
    public required IReadOnlyDictionary<string, float[]> Entries { get; init; }

    /// <summary>The texts that it was measured on, as the file names them; may be empty.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>Chunks of text that went in; 0 when the file does not say.</summary>
    public required int ChunkCount { get; init; }

    /// <summary>Reads a file of either format that llama-imatrix writes or wrote.</summary>
    /// <exception cref="ImportanceMatrixException">Missing, unreadable, or something else.</exception>
    public static ImportanceMatrix Read(string path)
    {
        try
        {
            var matrix = GgufFormat.BeginsIn(path) ? FromGguf(path) : FromLegacy(path);
            foreach (var (name, values) in matrix.Entries)
            {
                if (!Array.TrueForAll(values, float.IsFinite))
                {
                    throw new ImportanceMatrixException(
                        path,
                        $"{name} holds a value that is no finite number"
                    );
                }
            }
            return matrix;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportanceMatrixException(path, "cannot be read: " + e.Message, e);
        }
    }
}
