using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>Quantizes test files with the library that this assembly holds: there is one in a process.</summary>
internal static class TestQuantizer
{
    internal static void Quantize(
        string source,
        string destination,
        string type,
        bool again = false
    ) =>
        new Quantizer(TestLibrary.Load()).Quantize(
            new QuantizeRequest
            {
                Source = source,
                Destination = destination,
                Type = type,
                Threads = 1,
                AllowRequantize = again,
            }
        );
}
