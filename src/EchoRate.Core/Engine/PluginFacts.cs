namespace EchoRate.Core.Engine;

/// <summary>The library of a GPU backend that an engine has loaded.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Sha256">Its content, 64 hex digits.</param>
public sealed record PluginFacts(string Path, string Sha256);
