namespace EchoRate.Gguf;

/// <summary>One file of a model, as its header describes it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Version">The format's version.</param>
/// <param name="Alignment">Bytes to which its tensor data is aligned.</param>
/// <param name="Metadata">Its own keys.</param>
/// <param name="Tensors">Its own tensors.</param>
/// <param name="TensorsKnown">False where a tensor's sizes made no sense, so that it was left out.</param>
/// <param name="DataOffset">Where its tensor data begins, in bytes from its start.</param>
/// <param name="FileBytes">How long it is on disk.</param>
public sealed record GgufPart(
    string Path,
    int Version,
    long Alignment,
    GgufMetadata Metadata,
    IReadOnlyList<GgufTensorInfo> Tensors,
    bool TensorsKnown,
    long DataOffset,
    long FileBytes
);
