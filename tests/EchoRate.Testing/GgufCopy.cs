namespace EchoRate.Testing;

/// <summary>Files that were read, to be changed and written anew.</summary>
public static class GgufCopy
{
    /// <summary>A writer that holds everything of a file; tensor data is copied when it is written, so the file must stay. A split model becomes one file.</summary>
    public static GgufWriter Of(GgufFile file)
    {
        var writer = new GgufWriter { Version = file.Parts[0].Version };
        foreach (var (key, value) in file.Metadata.Entries)
        {
            if (file.Parts.Length == 1 || !key.StartsWith("split.", StringComparison.Ordinal))
            {
                writer.Add(key, value);
            }
        }
        foreach (var tensor in file.Tensors)
        {
            writer.AddTensor(
                tensor.Name,
                tensor.Dimensions.AsSpan(),
                tensor.Type,
                stream => file.CopyTensor(tensor, stream)
            );
        }
        return writer;
    }
}
