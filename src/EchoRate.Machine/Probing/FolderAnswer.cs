using EchoRate.Core.Engine;

namespace EchoRate.Machine.Probing;

/// <summary>What a process of its own says that loaded llama.cpp from a folder: the facts, or why there are none.</summary>
/// <param name="Facts">The engine's facts; null where it could not be loaded.</param>
/// <param name="Failure">Why not, in one line; null where it was loaded.</param>
public sealed record FolderAnswer(EngineFacts? Facts, string? Failure);
