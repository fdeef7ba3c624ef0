namespace EchoRate.Hub.Reading;

/// <summary>The words of the manifest's schema; <c>gguf-manifest.schema.json</c> says the same to editors.</summary>
internal static class ManifestKeys
{
    public static IReadOnlyList<string> Root { get; } = ["schema_version", "models"];

    public static IReadOnlyList<string> Model { get; } =
    ["name", "family", "tuning", "source", "licence", "published", "files"];

    public static IReadOnlyList<string> Licence { get; } = ["name", "spdx", "url", "gated"];

    public static IReadOnlyList<string> File { get; } =
    ["quant", "path", "repo", "revision", "bytes", "sha256", "parts"];

    public static IReadOnlyList<string> Part { get; } = ["path", "bytes", "sha256"];

    public static IReadOnlyList<string> Tunings { get; } = ["base", "it", "post"];

    /// <summary>The columns of the published table.</summary>
    public static IReadOnlyList<string> PublishedColumns { get; } =
    ["gemma-7b", "gemma2-2b", "gemma3-27b", "gpt-oss-120b", "qwen3-4b"];
}
