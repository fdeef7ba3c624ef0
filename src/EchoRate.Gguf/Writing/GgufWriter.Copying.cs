namespace EchoRate.Gguf;

/// <content>Writing a file that was read.</content>
public sealed partial class GgufWriter
{
    /// <summary>A writer that holds everything of a file, to be changed and written anew; tensor data is copied when it is written, so the file must stay.</summary>
    /// <remarks>A split model becomes one file; its split keys are left out.</remarks>
    public static GgufWriter CopyOf(GgufFile file)
    {
        var writer = new GgufWriter { Version = file.Version };
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
