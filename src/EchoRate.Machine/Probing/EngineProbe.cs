using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using EchoRate.Core.Engine;

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
    public const string LibrariesOption = "--plugin";

    // What the program answers when libraries cannot be had, and what it puts before its last line then.
    private const int LibraryFailed = 4;
    private const string Prefix = "echorate: ";

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
        string[] question =
        [
            EngineOption,
            engine,
            .. libraries is null ? [] : new[] { LibrariesOption, libraries },
        ];
        try
        {
            return Read(
                what,
                await AskedProcess
                    .RunAsync(program, question, _patience, cancellation)
                    .ConfigureAwait(false)
                    ?? throw new NativeLibraryException(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{what}: a process was to load this and say which devices there are, and did not answer within {_patience.TotalSeconds} s; does a driver hang?"
                        )
                    )
            );
        }
        catch (Win32Exception e)
        {
            throw new NativeLibraryException(
                $"{program[0]}: the process that asks for devices cannot be started: {e.Message}",
                e
            );
        }
    }

    private static EngineFacts Read(string what, AskedProcess ended)
    {
        if (ended.ExitCode != 0)
        {
            throw ExceptionOf(what, ended.ExitCode, ended.Words);
        }
        try
        {
            return EngineAnswer.FromLine(ended.Answer ?? "").ToFacts();
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException(
                $"the process that asked {what} for its devices answered no line of them: {ended.Out}",
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
}
