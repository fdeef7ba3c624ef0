using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using EchoRate.Core.LlamaCpp;

namespace EchoRate.Machine.Backends;

/// <summary>
/// Tries a GPU's library in a process of its own: a process holds one llama.cpp for good, a GPU library takes memory of its device for as long as its
/// process lives, and what kills that process kills nobody else. An answer is remembered for as long as this object lives.
/// </summary>
/// <param name="program">The program that answers with a <see cref="Trial"/>, and its arguments.</param>
/// <param name="environment">Sets variables for it: how a worker computes on a GPU.</param>
/// <param name="patience">How long it may take; null for two minutes, which slow disks and drivers do not need.</param>
public class TrialRunner(
    IReadOnlyList<string> program,
    Action<IDictionary<string, string?>> environment,
    TimeSpan? patience = null
)
{
    /// <summary>The option that names the GPU library.</summary>
    public const string PluginOption = "--plugin";

    // What the program answers when libraries cannot be loaded, and what it puts before its last line then.
    private const int LibraryFailed = 4;
    private const string Prefix = "echorate: ";
    private const string Who = "a process that was to compute a small model";

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(2);
    private readonly Dictionary<string, Trial> _known = [];

    /// <summary>Loads llama.cpp in a process of its own, with a GPU library where one is named, and computes on every GPU.</summary>
    public virtual async Task<Trial> TryAsync(string? plugin, CancellationToken cancellation)
    {
        if (!_known.TryGetValue(plugin ?? "", out var trial))
        {
            trial = await AskAsync(plugin, cancellation);
            _known.Add(plugin ?? "", trial);
        }
        return trial;
    }

    private async Task<Trial> AskAsync(string? plugin, CancellationToken cancellation)
    {
        // It writes its model there. A process that is killed does not clean up.
        var folder = Directory.CreateTempSubdirectory("echorate-trial-");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_patience);
        try
        {
            // One that hangs in a driver cannot be killed: CliWrap leaves it behind after a few seconds.
            return Read(
                await Cli.Wrap(program[0])
                    .WithArguments([
                        .. program.Skip(1),
                        .. plugin is null ? [] : new[] { PluginOption, plugin },
                    ])
                    .WithEnvironmentVariables(Variables(folder.FullName))
                    .WithValidation(CommandResultValidation.None)
                    .ExecuteBufferedAsync(limit.Token)
            );
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(
                $"{Who} did not end within {_patience.TotalSeconds} s; does a driver hang?"
            );
        }
        catch (Win32Exception e)
        {
            return Failed($"{program[0]} cannot be started: {e.Message}");
        }
        finally
        {
            Remove(folder);
        }
    }

    // How a worker computes on a GPU, and a temporary folder of its own.
    private Dictionary<string, string?> Variables(string temporary)
    {
        // It has this process's, with the system's own comparer.
        var variables = new ProcessStartInfo().Environment;
        environment(variables);
        variables["TMPDIR"] = variables["TMP"] = variables["TEMP"] = temporary;
        return variables.ToDictionary();
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

    // Native code may print to stdout too, so the answer is the last line that begins like one.
    private static Trial Read(BufferedCommandResult ended)
    {
        Trial? answer = null;
        try
        {
            answer = Lines(ended.StandardOutput).LastOrDefault(line => line.StartsWith('{'))
                is { } line
                ? JsonSerializer.Deserialize(line, BackendJson.Default.Trial)
                : null;
        }
        catch (JsonException)
        {
            // Cut short by the process's end.
        }
        return answer?.Tried is not null
            ? answer
            : Failed(CauseOf(ended)) with
            {
                Facts = answer?.Facts,
            };
    }

    private static Trial Failed(string why) => new() { Failure = why };

    // Its own words, else the line of its last words that names a cause.
    private static string CauseOf(BufferedCommandResult ended)
    {
        var words = Lines(ended.StandardError);
        if (
            ended.ExitCode == LibraryFailed
            && words.LastOrDefault(word => word.StartsWith(Prefix, StringComparison.Ordinal))
                is { } said
        )
        {
            return said[Prefix.Length..];
        }
        if (words.FirstOrDefault(word => word.Contains("no kernel image")) is { } image)
        {
            return $"its library has no code for this card ({image})";
        }
        var telling =
            words.FirstOrDefault(DeviceErrorWords.Say)
            ?? words.FirstOrDefault(word =>
                word.Contains("error", StringComparison.OrdinalIgnoreCase)
            )
            ?? words.LastOrDefault();
        // As a shell sees it: 128 and the number of the signal that ended it.
        var how =
            !OperatingSystem.IsWindows() && ended.ExitCode > 128
                ? $"was ended by signal {ended.ExitCode - 128}"
                : $"ended with exit code {ended.ExitCode}";
        return $"{Who} {how}{(telling is null ? "" : $": {telling}")}";
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
