using EchoRate.LLamaSharp;
using EchoRate.LLamaSharp.Tests.Fixtures;
using LLama.Native;

namespace EchoRate.EngineContracts;

/// <summary>Quantizes test files with the library that this assembly holds: there is one in a process.</summary>
internal static class TestQuantizer
{
    internal static void Quantize(string source, string destination, string type) =>
        LLamaSharpQuantizer.Quantize(
            TestLibrary.Load(),
            source,
            destination,
            Enum.Parse<LLamaFtype>("MOSTLY_" + type),
            threads: 1
        );
}
