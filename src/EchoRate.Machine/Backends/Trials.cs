using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>What came of loading llama.cpp, with a GPU's library or without.</summary>
/// <param name="Facts">The engine's facts; null where it could not be loaded.</param>
/// <param name="Tried">What came of each GPU.</param>
/// <param name="Failure">Why nothing can be said, or what ended the trial, in one line; null where it came to its end.</param>
public sealed record Trial(EngineFacts? Facts, IReadOnlyList<TriedDevice> Tried, string? Failure)
{
    /// <summary>The GPUs of a backend that compute as the CPU does.</summary>
    public IReadOnlyList<TriedDevice> Working(string deviceBackend) =>
        [.. Tried.Where(device => device.Works && device.Backend == deviceBackend)];

    /// <summary>Why a backend does not work; null where a device of it does.</summary>
    public string? Problem(string deviceBackend) =>
        Working(deviceBackend).Count > 0 ? null
        : Failure is not null ? Failure
        : Tried.FirstOrDefault(device => device.Backend == deviceBackend)
            is { Cause: { } cause } tried
            ? $"{tried.Device}: {cause}"
        : "it shows no device";
}

/// <summary>Tries what only a process that loads libraries can try; tests invent the answers.</summary>
public interface ITrials
{
    /// <summary>Loads llama.cpp in a process of its own, and computes on every GPU.</summary>
    /// <param name="plugin">The GPU library to load into it; null for none.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<Trial> TryAsync(string? plugin, CancellationToken cancellation);
}

/// <summary>
/// Tries in a process of its own: a process holds one llama.cpp for good, a GPU library takes memory of its device for as long as its process lives,
/// and what kills that process kills nobody else. An answer is remembered for as long as this object lives.
/// </summary>
/// <param name="program">The program that answers with a <see cref="TrialAnswer"/>, and its arguments.</param>
/// <param name="environment">Variables for it: how a worker computes on a GPU.</param>
/// <param name="patience">How long it may take; null for two minutes, which slow disks and drivers do not need.</param>
public sealed class Trials(
    IReadOnlyList<string> program,
    Action<IDictionary<string, string?>> environment,
    TimeSpan? patience = null
) : ITrials
{
    /// <summary>The option that names the GPU library.</summary>
    public const string PluginOption = "--plugin";

    // What the program answers when libraries cannot be loaded, and what it puts before its last line then.
    private const int LibraryFailed = 4;
    private const string Prefix = "echorate: ";

    // Linux and macOS, Windows.
    private static readonly string[] s_temporaryFolder = ["TMPDIR", "TMP", "TEMP"];

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, Trial> _known = [];

    /// <inheritdoc/>
    public async Task<Trial> TryAsync(string? plugin, CancellationToken cancellation)
    {
        var key = plugin ?? "";
        if (!_known.TryGetValue(key, out var trial))
        {
            trial = await AskAsync(plugin, cancellation);
            _known.Add(key, trial);
        }
        return trial;
    }

    private async Task<Trial> AskAsync(string? plugin, CancellationToken cancellation)
    {
        // It writes its model there. Whoever is killed does not clean up.
        var folder = Directory.CreateTempSubdirectory("echorate-trial-");
        try
        {
            var ended = await AskedProcess.RunAsync(
                program,
                plugin is null ? [] : [PluginOption, plugin],
                variables =>
                {
                    environment(variables);
                    // An assertion that fails would first try to attach a debugger, which can hang.
                    variables["GGML_NO_BACKTRACE"] = "1";
                    foreach (var name in s_temporaryFolder)
                    {
                        variables[name] = folder.FullName;
                    }
                },
                _patience,
                cancellation
            );
            return ended is null
                ? new Trial(
                    null,
                    [],
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"a process that was to compute a small model did not end within {_patience.TotalSeconds} s; does a driver hang?"
                    )
                )
                : Read(ended);
        }
        catch (Win32Exception e)
        {
            return new Trial(null, [], $"{program[0]} cannot be started: {e.Message}");
        }
        finally
        {
            Remove(folder);
        }
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One that hangs in a driver still holds its files.
        }
    }

    private static Trial Read(AskedProcess ended)
    {
        TrialAnswer? answer = null;
        try
        {
            answer = ended.Answer is { } line ? TrialAnswer.FromLine(line) : null;
        }
        catch (JsonException)
        {
            // Cut short by the process's end.
        }
        return answer is { Tried: { } tried }
            ? new Trial(answer.Facts, tried, null)
            : new Trial(answer?.Facts, [], CauseOf(ended));
    }

    /// <summary>Why it ended, in one line: its own words, else the line of its last words that names a cause.</summary>
    internal static string CauseOf(AskedProcess ended)
    {
        if (
            ended.ExitCode == LibraryFailed
            && ended.Words.LastOrDefault(word => word.StartsWith(Prefix, StringComparison.Ordinal))
                is { } said
        )
        {
            return said[Prefix.Length..];
        }
        if (ended.Words.FirstOrDefault(word => word.Contains("no kernel image")) is { } image)
        {
            return $"its library has no code for this card ({image})";
        }
        var telling =
            ended.Words.FirstOrDefault(word =>
                word.Contains("error", StringComparison.OrdinalIgnoreCase)
            ) ?? ended.Words.LastOrDefault();
        // As a shell sees it: 128 and the number of the signal that ended it.
        var how =
            !OperatingSystem.IsWindows() && ended.ExitCode > 128
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"was ended by signal {ended.ExitCode - 128}"
                )
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"ended with exit code {ended.ExitCode}"
                );
        return $"a process that was to compute a small model {how}"
            + (telling is null ? "" : $": {telling}");
    }
}
