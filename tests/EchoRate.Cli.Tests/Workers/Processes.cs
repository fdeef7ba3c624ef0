using System.Runtime.InteropServices;

namespace EchoRate.Cli.Tests.Workers;

/// <summary>The worker processes of this machine, as proc(5) shows them.</summary>
internal static class Processes
{
    private const string ReasonToSkip = "needs /proc and kill(2): Linux";

    /// <summary>Skips the test where processes cannot be looked at.</summary>
    public static void SkipWhereHidden() =>
        Assert.SkipUnless(OperatingSystem.IsLinux(), ReasonToSkip);

    /// <summary>The worker that a program is waiting for; waits until there is one.</summary>
    public static int WorkerOf(int parent, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (WorkersOf(parent) is [var found])
            {
                return found;
            }
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, patience);
            Thread.Sleep(20);
        }
    }

    /// <summary>kill -9 on the worker of a run; false where it has none now, or where it was gone already.</summary>
    public static bool TryKillWorkerOf(int parent) =>
        WorkersOf(parent) is [var found, ..] && Kill(found, 9) == 0;

    private static List<int> WorkersOf(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(IdOf)
                .OfType<int>()
                .Where(id => IsWorkerOf(id, parent)),
        ];

    /// <summary>Whether a process is there and is no zombie.</summary>
    public static bool Lives(int id) => Stat(id) is { State: not 'Z' };

    /// <summary>Waits until a process is gone; how long that took.</summary>
    public static TimeSpan WaitUntilGone(int id, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (Lives(id))
        {
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, patience);
            Thread.Sleep(10);
        }
        return clock.Elapsed;
    }

    /// <summary>Sends a signal.</summary>
    public static void Signal(int id, int signal) => Assert.Equal(0, Kill(id, signal));

    private static bool IsWorkerOf(int id, int parent)
    {
        try
        {
            return Stat(id)?.Parent == parent
                && File.ReadAllText($"/proc/{id}/cmdline").Contains("\0worker\0");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int? IdOf(string path) =>
        int.TryParse(
            Path.GetFileName(path),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var id
        )
            ? id
            : null;

    // "id (name) state parent …"; the name may hold anything.
    private static (char State, int Parent)? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

#pragma warning disable SYSLIB1054 // LibraryImport would need unsafe code, which only the native edge has.
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
#pragma warning restore SYSLIB1054
}
