using System.ComponentModel;
using System.Globalization;
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
        try
        {
            return
                await AskedProcess
                    .RunAsync(program, [library], Patience, cancellation)
                    .ConfigureAwait(false)
                    is { } ended
                ? Read(ended)
                : Failed("opening it does not end");
        }
        catch (Win32Exception e)
        {
            return Failed($"{program[0]} cannot be started: {e.Message}");
        }
    }

    private static LoaderAnswer Read(AskedProcess ended)
    {
        try
        {
            if (ended.Answer is { } line && LoaderAnswer.FromLine(line) is { } answer)
                return answer;
        }
        catch (JsonException)
        {
            // Cut short by the library's end.
        }
        return Failed(
            string.Create(
                CultureInfo.InvariantCulture,
                $"a process that opens it ends with exit code {ended.ExitCode}{(ended.Words is [.., var last] ? $": {last}" : "")}"
            )
        );
    }

    private static LoaderAnswer Failed(string said) => new() { Opened = false, Said = said };
}
