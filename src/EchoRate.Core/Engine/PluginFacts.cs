using System.Security.Cryptography;

namespace EchoRate.Core.Engine;

/// <summary>The library of a GPU backend that an engine has loaded.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Sha256">Its content, 64 hex digits.</param>
public sealed record PluginFacts(string Path, string Sha256)
{
    /// <summary>The facts of a file.</summary>
    public static PluginFacts Of(string path)
    {
        using var file = File.OpenRead(path);
        return new PluginFacts(path, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}
