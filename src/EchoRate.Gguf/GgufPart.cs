namespace EchoRate.Gguf;

/// <summary>One file of a model.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="FileBytes">How long it is on disk.</param>
/// <param name="DataOffset">Where its tensor data begins, in bytes from its start.</param>
/// <param name="TensorCount">How many tensors it holds.</param>
public sealed record GgufPart(string Path, long FileBytes, long DataOffset, int TensorCount);
