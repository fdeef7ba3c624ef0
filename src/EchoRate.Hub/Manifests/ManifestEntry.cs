namespace EchoRate.Hub.Manifests;

/// <summary>One thing to run: a quantization together with the model that it belongs to.</summary>
public sealed record ManifestEntry(ManifestModel Model, ManifestFile File);
