using EchoRate.LLamaSharp.Loading;

namespace EchoRate.LLamaSharp.Tests;

/// <summary>The engine <c>llamasharp</c> keeps the contract.</summary>
public sealed class LLamaSharpEngineContract : EngineContract
{
    protected override IEngine Engine() => new LLamaSharpEngine(TestLibrary.Load(), threads: 1);
}
