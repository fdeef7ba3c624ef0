using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace EchoRate.Core.Engine;

/// <summary>The library of a GPU backend that an engine has loaded.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Sha256">Its content, 64 hex digits.</param>
public sealed record PluginFacts(string Path, string Sha256)
{
    /// <summary>File name and the beginning of its hash: <c>libggml-vulkan.so sha256:4abdb7209720</c>.</summary>
    [JsonIgnore]
    public string DisplayName => $"{System.IO.Path.GetFileName(Path)} sha256:{Sha256[..12]}";

    /// <summary>The facts of a file.</summary>
    public static PluginFacts Of(string path)
    {
        using var file = File.OpenRead(path);
        return new PluginFacts(path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
