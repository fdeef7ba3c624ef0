using EchoRate.Cli.Tests.Fixtures;

namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>This test program in another process: native code may end that one, and reads its variables when it starts.</summary>
internal static class ItselfAgain
{
    /// <summary>Runs some of its tests; null where it had to be ended.</summary>
    internal static Outcome? Run(
        string[] arguments,
        TimeSpan patience,
        params IEnumerable<(string Name, string? Value)> variables
    ) =>
        Tool.Start(
            AppContext.BaseDirectory,
            Path.Combine(
                AppContext.BaseDirectory,
                "EchoRate.LLamaSharp.Tests" + (OperatingSystem.IsWindows() ? ".exe" : "")
            ),
            arguments,
            patience,
            [("GGML_NO_BACKTRACE", "1"), .. variables]
        );
}
