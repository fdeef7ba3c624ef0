namespace EchoRate.Gguf;

/// <summary>The header of one file, before parts are put together.</summary>
internal sealed record PartHeader(
    int Version,
    long Alignment,
    GgufMetadata Metadata,
    List<GgufTensorInfo> Tensors,
    bool TensorsKnown,
    long DataOffset,
    long FileBytes
);
