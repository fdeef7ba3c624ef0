using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace EchoRate.Machine.Backends;

/// <summary>A process that is started to answer one question, and has ended.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Out">What it printed.</param>
/// <param name="Words">What it said on stderr, line by line.</param>
internal sealed record AskedProcess(int ExitCode, string Out, string[] Words)
{
    private static readonly TimeSpan DeathTakes = TimeSpan.FromSeconds(10);

    /// <summary>The answer: native code may print to stdout too, so it is the last line that begins like one. Null for none.</summary>
    public string? Answer => Lines(Out).LastOrDefault(line => line.StartsWith('{'));

    /// <summary>Starts a process and waits for its end.</summary>
    /// <param name="program">The program, and its arguments.</param>
    /// <param name="question">What is added to them.</param>
    /// <param name="environment">Changes its environment variables.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <returns>Null where it did not end in time.</returns>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static async Task<AskedProcess?> RunAsync(
        IReadOnlyList<string> program,
        IEnumerable<string> question,
        Action<IDictionary<string, string?>> environment,
        TimeSpan patience,
        CancellationToken cancellation
    )
    {
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in program.Skip(1).Concat(question))
        {
            start.ArgumentList.Add(argument);
        }
        environment(start.Environment);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var words = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            End(process);
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
        return new AskedProcess(process.ExitCode, await said, Lines(await words));
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // One that hangs in a driver cannot be killed; it is left behind rather than waited for.
    private static void End(Process process)
    {
        try
        {
            process.Kill();
            process.WaitForExit(DeathTakes);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }
}
