using EchoRate.Core.Engine;
using EchoRate.Machine.Natives;

namespace EchoRate.Machine.Backends;

/// <summary>Which llama.cpp a run takes.</summary>
/// <param name="Backend">The backend's name: <c>cpu</c>, <c>cuda</c>, <c>cuda12</c>, <c>vulkan</c>, <c>metal</c>.</param>
/// <param name="Libraries">Its libraries.</param>
/// <param name="Facts">What it says of itself; null where nobody had to ask.</param>
public sealed record BackendChoice(string Backend, LlamaLibraries Libraries, EngineFacts? Facts);
