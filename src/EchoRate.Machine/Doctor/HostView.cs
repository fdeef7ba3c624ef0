using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace EchoRate.Machine.Doctor;

/// <summary>What the doctor looks at beside libraries: files and programs of the system. Tests invent machines by overriding it.</summary>
public class HostView
{
    // A driver in trouble lets its tools wait for minutes.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    /// <summary>A small text file; null where it is not there or cannot be read.</summary>
    public virtual string? ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>An environment variable; null where it is not set.</summary>
    public virtual string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    /// <summary>Full paths of what lies in a folder, in order; empty where there is no such folder.</summary>
    public virtual IReadOnlyList<string> List(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>What a program on PATH prints; null where there is none, it fails, or does not end.</summary>
    public virtual async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(_patience);
        try
        {
            var ended = await Cli.Wrap(program)
                .WithArguments(arguments)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(limit.Token);
            return ended.ExitCode == 0 ? ended.StandardOutput : null;
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            return null;
        }
    }
}
