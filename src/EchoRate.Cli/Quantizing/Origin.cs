using System.Text;
using EchoRate.Gguf;
using EchoRate.Runs.Files;

namespace EchoRate.Cli.Quantizing;

/// <summary>
/// What a quantized file was made from, kept in its own metadata, so that a file that is there already can be told from one that only
/// bears its name. llama.cpp's quantizer takes texts of at most 127 bytes.
/// </summary>
/// <param name="SourceSha256">The source's hash, written <c>sha256:…</c>.</param>
/// <param name="SourceFile">The source's file name, without folder.</param>
/// <param name="Options">The type and every option that changes the content.</param>
internal sealed record Origin(string SourceSha256, string SourceFile, string Options)
{
    private const string HashKey = "echorate.source_sha256";
    private const string FileKey = "echorate.source_file";
    private const string OptionsKey = "echorate.quantize_options";
    private const string QuantizerKey = "echorate.quantizer";
    private const int MostBytes = 127;

    /// <summary>The origin of what an order makes of one type.</summary>
    /// <param name="order">The order.</param>
    /// <param name="type">The type.</param>
    /// <param name="sourceSha256">The source's hash, 64 hex digits.</param>
    /// <param name="matrixSha256">The importance matrix's; null without one.</param>
    public static Origin Of(
        LadderOrder order,
        string type,
        string sourceSha256,
        string? matrixSha256
    )
    {
        var options = new StringBuilder(type);
        Add(options, "--token-embd-type", order.TokenEmbeddingType);
        Add(options, "--output-type", order.OutputType);
        if (order.Pure)
        {
            options.Append(" --pure");
        }
        Add(options, "--imatrix", matrixSha256?[..16]);
        return new(
            "sha256:" + sourceSha256,
            Short(Path.GetFileName(order.Source)),
            options.ToString()
        );
    }

    /// <summary>What a file says about itself; null for one that was not made here.</summary>
    public static Origin? In(GgufMetadata metadata) =>
        (metadata.Text(HashKey), metadata.Text(FileKey), metadata.Text(OptionsKey))
            is ({ } hash, { } file, { } options)
            ? new(hash, file, options)
            : null;

    /// <summary>The texts to keep in the new file.</summary>
    public Dictionary<string, string> Texts(string quantizer) =>
        new()
        {
            [HashKey] = SourceSha256,
            [FileKey] = SourceFile,
            [OptionsKey] = Options,
            [QuantizerKey] = Short(quantizer),
        };

    /// <summary>The hash of a model's content, all parts.</summary>
    public static string HashOf(GgufFile file, CancellationToken cancellation) =>
        ContentHash.Combine([
            .. file.Parts.Select(part => ContentHash.OfFile(part.Path, cancellation)),
        ]);

    /// <summary>As much of a text as a file's metadata takes.</summary>
    public static string Short(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        }
        return text;
    }

    private static void Add(StringBuilder options, string name, string? value)
    {
        if (value is not null)
        {
            options.Append(' ').Append(name).Append(' ').Append(value);
        }
    }
}
