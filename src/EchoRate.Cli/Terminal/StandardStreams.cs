using Microsoft.Win32.SafeHandles;

namespace EchoRate.Cli.Terminal;

/// <summary>
/// Whether the program was started with stdin, stdout and stderr at all (<c>2&gt;&amp;-</c>). Where it was not, their numbers are given to whatever is
/// opened next: to a pipe of the runtime, to a library, in the end to a file of the run, and a word to stderr would stand in it.
/// </summary>
internal static class StandardStreams
{
    // Held for as long as the process lives.
    private static readonly List<SafeFileHandle> _holes = [];

    /// <summary>Gives the numbers that are still free to nothing. Before anything else is opened.</summary>
    public static void Fill()
    {
        while (!OperatingSystem.IsWindows())
        {
            var nothing = File.OpenHandle("/dev/null");
            if (nothing.DangerousGetHandle() > 2)
            {
                nothing.Dispose();
                return;
            }
            _holes.Add(nothing);
        }
    }

    /// <summary>Whether the program was started with it; where the system does not tell, writing will.</summary>
    public static bool IsOpen(int number)
    {
        // What the runtime opened is closed on exec (O_CLOEXEC); what came with exec cannot be.
        const string label = "flags:";
        const int closedOnExec = 0x80000;
        try
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{number}")
                .First(line => line.StartsWith(label));
            return (Convert.ToInt32(flags[label.Length..].Trim(), 8) & closedOnExec) == 0;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or InvalidOperationException
                        or FormatException
            )
        {
            return !_holes.Any(hole => hole.DangerousGetHandle() == number);
        }
    }
}
