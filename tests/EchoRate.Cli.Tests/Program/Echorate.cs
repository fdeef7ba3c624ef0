using System.Runtime.InteropServices;

namespace EchoRate.Cli.Tests.Program;

/// <summary>The built program as a process of its own, as a user's shell starts it.</summary>
internal static class Echorate
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The program: it lies beside these tests because they refer to its project.</summary>
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "echorate.dll");

    /// <summary>The dotnet that runs these tests; found without PATH, which some of them empty.</summary>
    private static readonly string Dotnet = Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(),
        "..",
        "..",
        "..",
        OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"
    );

    /// <summary>The words that blanks separate; none of an empty text.</summary>
    public static string[] Words(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs the program to its end, with environment variables set, or taken away where the value is null.</summary>
    public static Outcome Run(
        string folder,
        Dictionary<string, string?> variables,
        params string[] words
    )
    {
        using var program = Start(folder, variables, words);
        return program.WaitForEnd(Patience);
    }

    /// <summary>Runs the program with words that blanks separate.</summary>
    public static Outcome Run(string folder, string words) => Run(folder, [], Words(words));

    /// <summary>Runs the program as a shell does, its streams closed or led elsewhere (<c>2&gt;&amp;-</c>).</summary>
    public static Outcome Redirected(string folder, string redirections, string words) =>
        InShell(folder, "", redirections, words);

    /// <summary>Runs the program in a folder that is removed before it starts.</summary>
    public static Outcome WithoutFolder(string folder, string words) =>
        InShell(folder, "mkdir gone && cd gone && rmdir ../gone && ", "", words);

    private static Outcome InShell(string folder, string before, string after, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell as Linux and macOS have it");
        string[] shell = ["-c", $"{before}exec \"$0\" \"$@\" {after}", Dotnet];
        using var program = Start(folder, [], "/bin/sh", [.. shell, Program, .. Words(words)]);
        return program.WaitForEnd(Patience);
    }

    /// <summary>Runs the program with bytes on its stdin.</summary>
    public static Outcome Piped(string folder, byte[] input, string words)
    {
        using var program = Start(folder, [], Dotnet, [Program, .. Words(words)], input);
        return program.WaitForEnd(Patience);
    }

    /// <summary>Starts the program.</summary>
    public static RunningProgram Start(
        string folder,
        Dictionary<string, string?> variables,
        string[] words
    ) => Start(folder, variables, Dotnet, [Program, .. words]);

    private static RunningProgram Start(
        string folder,
        Dictionary<string, string?> variables,
        string program,
        string[] words,
        byte[]? input = null
    )
    {
        var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        };
        // Whatever models the user of this machine has in the hub's cache: the tests do not find them.
        start.Environment["HF_HUB_CACHE"] = Path.Combine(folder, "no-hub-cache");
        start.Environment.Remove("NO_COLOR");
        // Whatever backends they installed.
        start.Environment["ECHORATE_HOME"] = Path.Combine(folder, "no-home");
        // Whatever GPUs it has: tests expect the CPU's figures where they do not ask for another device.
        start.Environment["GGML_VK_VISIBLE_DEVICES"] = "";
        start.Environment["CUDA_VISIBLE_DEVICES"] = "-1";
        // Hundreds of short runs: counting for later optimization takes a fifth of each.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }
        return new RunningProgram(Process.Start(start)!, input ?? []);
    }
}
