using System.Runtime.InteropServices;

namespace EchoRate.Cli.Tests.Program;

/// <summary>The worker processes of this machine, as proc(5) shows them, and signals.</summary>
internal static class Processes
{
    /// <summary>Skips the test where processes cannot be looked at, or where a signal is ignored: a shell's background inherits that of SIGINT.</summary>
    public static void SkipWhereHidden(int signal = 9)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc and kill(2): Linux");
        const string mask = "SigIgn:";
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(mask));
        var ignored = Convert.ToUInt64(line[mask.Length..].Trim(), 16);
        Assert.SkipWhen(
            (ignored >> (signal - 1) & 1) == 1,
            $"signal {signal} is ignored here: the tests run in a shell's background"
        );
    }

    /// <summary>The worker that a program is waiting for; waits until there is one.</summary>
    public static int WorkerOf(RunningProgram program)
    {
        var worker = 0;
        program.WaitFor(() => (worker = WorkersOf(program.Id).FirstOrDefault()) > 0);
        return worker;
    }

    /// <summary>kill -9 on the worker of a run; false where it has none now, or where it was gone already.</summary>
    public static bool TryKillWorkerOf(int parent) =>
        WorkersOf(parent) is [var found, ..] && Kill(found, 9) == 0;

    /// <summary>Whether a process is there and is no zombie.</summary>
    public static bool Lives(int id) => Stat(id) is { State: not 'Z' };

    /// <summary>Waits until a process is gone, which must be within two seconds.</summary>
    public static void WaitUntilGone(int id) =>
        Assert.True(SpinWait.SpinUntil(() => !Lives(id), TimeSpan.FromSeconds(2)));

    /// <summary>Sends a signal.</summary>
    public static void Signal(int id, int signal) => Assert.Equal(0, Kill(id, signal));

    private static List<int> WorkersOf(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
                .Where(id => id > 0 && IsWorkerOf(id, parent)),
        ];

    private static bool IsWorkerOf(int id, int parent) =>
        Stat(id)?.Parent == parent && Read(id, "cmdline")?.Contains("\0worker\0") == true;

    // "id (name) state parent …"; the name may hold anything.
    private static (char State, int Parent)? Stat(int id)
    {
        if (Read(id, "stat") is not { } text)
        {
            return null;
        }
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1]));
    }

    private static string? Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
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
