using System.Text;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

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

    /// <summary>The origin of what a request makes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sourceSha256">The source's hash, 64 hex digits.</param>
    /// <param name="matrixSha256">The importance matrix's; null without one.</param>
    public static Origin Of(QuantizeRequest request, string sourceSha256, string? matrixSha256) =>
        new(
            "sha256:" + sourceSha256,
            Short(Path.GetFileName(request.Source)),
            request.Type
                + (request.TokenEmbeddingType is { } type ? $" --token-embd-type {type}" : "")
                + (request.OutputType is { } output ? $" --output-type {output}" : "")
                + (request.Pure ? " --pure" : "")
                + (matrixSha256 is null ? "" : $" --imatrix {matrixSha256[..16]}")
        );

    /// <summary>What a file says about itself; null for one that was not made here.</summary>
    public static Origin? In(GgufMetadata metadata) =>
        (metadata.Text(HashKey), metadata.Text(FileKey), metadata.Text(OptionsKey))
            is ({ } hash, { } file, { } options)
            ? new(hash, file, options)
            : null;

    /// <summary>The texts to keep in the new file.</summary>
    public Dictionary<string, string> Texts(string quantizer, ImportanceMatrix? matrix)
    {
        var texts = new Dictionary<string, string>
        {
            [HashKey] = SourceSha256,
            [FileKey] = SourceFile,
            [OptionsKey] = Options,
            [QuantizerKey] = Short(quantizer),
        };
        if (matrix is not null)
        {
            // As llama-quantize does: these say to everybody that a matrix was used.
            texts.Add("quantize.imatrix.file", Short(Path.GetFileName(matrix.Path)));
            if (matrix.Datasets is [var dataset, ..])
            {
                texts.Add("quantize.imatrix.dataset", Short(dataset));
            }
        }
        return texts;
    }

    /// <summary>The hash of a model's content, all parts.</summary>
    public static string HashOf(GgufFile file, CancellationToken cancellation) =>
        FileHash.Combine([.. file.Parts.Select(part => FileHash.Sha256(part.Path, cancellation))]);

    // As much of a text as a file's metadata takes.
    private static string Short(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        }
        return text;
    }
}
