namespace EchoRate.Cli.Tests.Program;

/// <summary>Whether a signal reaches the programs that tests start: what runs in a shell's background inherits that SIGINT is ignored.</summary>
internal static class Signals
{
    private const string IgnoredMask = "SigIgn:";

    /// <summary>Skips the test, with the reason, where the signal is ignored (proc(5)).</summary>
    public static void SkipWhereIgnored(int signal)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(IgnoredMask));
        var mask = ulong.Parse(
            line[IgnoredMask.Length..].Trim(),
            NumberStyles.HexNumber,
            CultureInfo.InvariantCulture
        );
        Assert.SkipWhen(
            (mask >> (signal - 1) & 1) == 1,
            $"signal {signal} is ignored here: the tests run in a shell's background"
        );
    }
}
