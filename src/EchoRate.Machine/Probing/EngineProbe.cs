using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EchoRate.Core.Engine;
using EchoRate.Llama;

namespace EchoRate.Machine.Probing;

/// <summary>
/// Asks a process of its own what an engine is and which devices it sees, so that the engine's libraries are not loaded into this one: a GPU
/// library takes memory of its device for as long as its process lives, and what kills that process kills nobody else.
/// </summary>
/// <param name="program">The program that answers with an <see cref="EngineAnswer"/>, and its arguments; the question is added to them.</param>
/// <param name="patience">How long it may take; null for two minutes, which slow disks and drivers do not need.</param>
public sealed class EngineProbe(IReadOnlyList<string> program, TimeSpan? patience = null)
{
    /// <summary>The option that names the engine.</summary>
    public const string EngineOption = "--engine";

    /// <summary>The option that names the folder of its libraries.</summary>
    public const string LibrariesOption = "--libraries";

    // What the program answers when libraries cannot be had, and what it puts before its last line then.
    private const int LibraryFailed = 4;
    private const string Prefix = "echorate: ";

    private static readonly TimeSpan DeathTakes = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(2);

    /// <summary>Asks.</summary>
    /// <param name="engine">The engine's name.</param>
    /// <param name="libraries">The folder of its libraries; null for those that it finds by itself.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="NativeLibraryException">The libraries cannot be loaded: the loader's own words, or how the process ended.</exception>
    public async Task<EngineFacts> AskAsync(
        string engine,
        string? libraries,
        CancellationToken cancellation
    )
    {
        var what = libraries ?? engine;
        using var process = Start(engine, libraries);
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var words = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_patience);
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            End(process);
            cancellation.ThrowIfCancellationRequested();
            throw new NativeLibraryException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: a process was to load this and say which devices there are, and did not answer within {_patience.TotalSeconds} s; does a driver hang?"
                )
            );
        }
        return Read(
            what,
            process.ExitCode,
            await said.ConfigureAwait(false),
            await words.ConfigureAwait(false)
        );
    }

    private Process Start(string engine, string? libraries)
    {
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        string[] question =
        [
            EngineOption,
            engine,
            .. libraries is null ? [] : new[] { LibrariesOption, libraries },
        ];
        foreach (var argument in program.Skip(1).Concat(question))
        {
            start.ArgumentList.Add(argument);
        }
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new NativeLibraryException(
                $"{program[0]}: the process that asks for devices cannot be started: {e.Message}",
                e
            );
        }
    }

    // Native code may print to stdout too: the answer is the last line, and begins like one.
    private static EngineFacts Read(string what, int code, string said, string words)
    {
        if (code != 0)
        {
            throw ExceptionOf(what, code, Lines(words));
        }
        try
        {
            return EngineAnswer
                .FromLine(Lines(said).LastOrDefault(line => line.StartsWith('{')) ?? "")
                .ToFacts();
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"the process that asked {what} for its devices answered no line of them: {said}",
                e
            );
        }
    }

    private static NativeLibraryException ExceptionOf(string what, int code, string[] words)
    {
        var line = words.LastOrDefault() ?? "";
        if (
            code == LibraryFailed
            && words.LastOrDefault(word => word.StartsWith(Prefix, StringComparison.Ordinal))
                is { } said
        )
        {
            return new NativeLibraryException(said[Prefix.Length..]);
        }
        // As a shell sees it: 128 and the number of the signal that ended it.
        var how =
            !OperatingSystem.IsWindows() && code > 128
                ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {code - 128}")
                : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}");
        return new NativeLibraryException(
            $"{what}: the process that was to load this {how}"
                + (line.Length > 0 ? $"; its last words: {line}" : "")
        );
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
