using EchoRate.Core.LlamaCpp;

namespace EchoRate.Runs.Workers;

/// <summary>How a worker process ended.</summary>
/// <param name="ExitCode">What it answered; on Unix 128 and the signal's number where a signal ended it. Null where it could not be ended.</param>
/// <param name="LastWords">The last lines of its log: of llama.cpp, and of whatever else wrote to its stderr.</param>
/// <param name="Cause">The line of its log that names a device's error, wherever it stood; null where there is none.</param>
internal sealed record WorkerDeath(int? ExitCode, IReadOnlyList<string> LastWords, string? Cause)
{
    private const int MostWords = 300;
    private const int IllegalInstruction = 4;

    private static readonly string[] _telling = ["GGML_ASSERT", "GGML_ABORT", "terminate called"];

    /// <summary>What happened, in one line that quotes the log.</summary>
    /// <param name="verdict">Why we ended the worker ourselves; null where it ended by itself.</param>
    public string Describe(string? verdict)
    {
        var what =
            verdict is not null ? $"the worker process was ended: {verdict}"
            : ExitCode is { } code ? $"the worker process died: {NameOf(code)}"
            : "the worker process does not answer";
        return Quote() is { } words ? $"{what}; llama.cpp's last words: {words}" : what;
    }

    /// <summary>Whether no other file would fare better here: the library has no code for this device, or instructions that this processor lacks.</summary>
    public bool IsOfEveryFile =>
        (Cause is not null && DeviceErrorWords.SayUnable(Cause))
        || (ExitCode == 128 + IllegalInstruction && !OperatingSystem.IsWindows());

    // An assertion or a device's error is quoted wherever it stands: what is torn down after it may have talked on.
    private string? Quote()
    {
        var lines = LastWords.Select(Plain).Where(line => line.Length > 0).ToList();
        var quoted =
            lines.FindLast(line => _telling.Any(line.Contains)) is { } assertion
                ? [WithoutFolder(assertion)]
            : Cause is not null ? [Plain(Cause)]
            : lines.Count > 2 ? lines[^2..]
            : lines;
        var text = string.Join(" | ", quoted);
        return text.Length == 0 ? null
            : text.Length <= MostWords ? text
            : text[..MostWords] + "…";
    }

    // ggml names its source file by the path of the machine that it was built on.
    private static string WithoutFolder(string line)
    {
        var place = _telling.Select(word => line.IndexOf(word, StringComparison.Ordinal)).Max();
        return line[(line.LastIndexOfAny(['/', '\\'], place) + 1)..];
    }

    // A log is bytes from outside: nothing in it may end a line or steer a terminal.
    private static string Plain(string line) =>
        string.Concat(line.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();

    private static string NameOf(int code)
    {
        if (OperatingSystem.IsWindows())
        {
            var hex = $"0x{(uint)code:X8}";
            return (uint)code switch
            {
                3 => "abort() (exit code 3)",
                0xC0000005 => $"access violation ({hex})",
                0xC0000006 => $"a page of a mapped file could not be read ({hex})",
                0xC0000017 or 0xC000012D => $"out of memory ({hex})",
                0xC0000409 => $"abort (fast fail, {hex})",
                _ => $"exit code {hex}",
            };
        }
        return (code - 128) switch
        {
            IllegalInstruction => "SIGILL (an instruction that this processor lacks)",
            6 => "SIGABRT (it gave up by itself, as when an assertion fails)",
            8 => "SIGFPE",
            9 => "SIGKILL (ended from outside, as when memory runs out)",
            11 => "SIGSEGV (memory that is not its own)",
            15 => "SIGTERM",
            var signal when signal == BusError =>
                "SIGBUS (a file in use was cut short or changed, or its disk failed)",
            > 0 and < 65 and var signal => $"signal {signal}",
            _ => $"exit code {code}",
        };
    }

    private static int BusError => OperatingSystem.IsMacOS() ? 10 : 7;
}
