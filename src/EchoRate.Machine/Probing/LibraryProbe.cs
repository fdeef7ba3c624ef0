using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EchoRate.Machine.Probing;

/// <summary>Has a library opened by a process of its own (<see cref="LibraryOpener"/>).</summary>
/// <param name="program">The program that answers with a <see cref="LoaderAnswer"/>, and its arguments; the library's path is added.</param>
public sealed class LibraryProbe(IReadOnlyList<string> program)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Asks. A process that dies or hangs is an answer too: the library does not open.</summary>
    public async Task<LoaderAnswer> OpenAsync(string library, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in program.Skip(1).Append(library))
        {
            start.ArgumentList.Add(argument);
        }
        try
        {
            using var process = Process.Start(start)!;
            return await AnswerAsync(process, cancellation).ConfigureAwait(false);
        }
        catch (Win32Exception e)
        {
            return Failed($"{program[0]} cannot be started: {e.Message}");
        }
    }

    private static async Task<LoaderAnswer> AnswerAsync(
        Process process,
        CancellationToken cancellation
    )
    {
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var words = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            cancellation.ThrowIfCancellationRequested();
            return Failed("opening it does not end");
        }
        var last = (await words.ConfigureAwait(false))
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault();
        // What the library's own start prints stands before it.
        var line = (await said.ConfigureAwait(false))
            .Split('\n', StringSplitOptions.TrimEntries)
            .LastOrDefault(line => line.StartsWith('{'));
        try
        {
            if (line is not null && LoaderAnswer.FromLine(line) is { } answer)
                return answer;
        }
        catch (JsonException)
        {
            // Cut short by the library's end.
        }
        return Failed(
            string.Create(
                CultureInfo.InvariantCulture,
                $"a process that opens it ends with exit code {process.ExitCode}{(last is null ? "" : $": {last}")}"
            )
        );
    }

    private static LoaderAnswer Failed(string said) => new() { Opened = false, Said = said };
}
