using EchoRate.Core.Engine;
using EchoRate.Llama.Tests.Fixtures;

namespace EchoRate.Llama.Tests;

/// <summary>The engine <c>llama</c> keeps the contract.</summary>
public sealed class LlamaEngineContract : EngineContract
{
    protected override IEngine Engine() => new LlamaEngine(TestLibraries.Load());
}
