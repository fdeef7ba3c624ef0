namespace EchoRate.Reports.Inputs;

/// <summary>A file that holds one text, UTF-8.</summary>
public static class TextFile
{
    /// <summary>
    /// The text's bytes, UTF-8. The last line break is left out, as llama.cpp's tools leave it out: an editor puts it there, and it is no
    /// part of the text.
    /// </summary>
    /// <exception cref="InputFileException">The file cannot be used, or is empty; the message says where and why.</exception>
    public static byte[] Read(string path)
    {
        var text = InputText.Read(path, savedAs: "UTF-8").Span;
        text =
            text.EndsWith("\r\n"u8) ? text[..^2]
            : text.EndsWith("\n"u8) ? text[..^1]
            : text;
        return text.IsEmpty
            ? throw new InputFileException(path, null, "is empty; it holds the text to look at.")
            : text.ToArray();
    }
}
