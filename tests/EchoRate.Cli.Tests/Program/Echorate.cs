using System.Runtime.InteropServices;

namespace EchoRate.Cli.Tests.Program;

/// <summary>The built program as a process of its own, as a user's shell starts it.</summary>
internal static class Echorate
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The program: it lies beside these tests because they refer to its project.</summary>
    public static string ProgramPath { get; } =
        Path.Combine(AppContext.BaseDirectory, "echorate.dll");

    /// <summary>The dotnet that runs these tests; found without PATH, which some of them empty.</summary>
    public static string Dotnet { get; } =
        Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(),
            "..",
            "..",
            "..",
            OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"
        );

    /// <summary>Runs the program to its end.</summary>
    public static Outcome Run(string workingFolder, params string[] arguments) =>
        Run(workingFolder, [], arguments);

    /// <summary>Runs the program with words that blanks separate.</summary>
    public static Outcome Run(string workingFolder, string words) =>
        Run(workingFolder, [], words.Split(' '));

    /// <inheritdoc cref="Run(string, string)" />
    public static Outcome Run(
        string workingFolder,
        Dictionary<string, string?> environment,
        string words
    ) => Run(workingFolder, environment, words.Split(' '));

    /// <summary>Runs the program to its end, with environment variables set, or taken away where the value is null.</summary>
    public static Outcome Run(
        string workingFolder,
        Dictionary<string, string?> environment,
        params string[] arguments
    )
    {
        using var program = Start(workingFolder, environment, arguments);
        return program.WaitForEnd(Patience);
    }

    /// <summary>Runs the program as a shell does, its streams closed or led elsewhere (<c>2&gt;&amp;-</c>).</summary>
    public static Outcome Redirected(string workingFolder, string redirections, string words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell that can close streams");
        string[] shell = ["-c", $"exec \"$0\" \"$@\" {redirections}", Dotnet];
        using var program = Start(
            workingFolder,
            [],
            "/bin/sh",
            [.. shell, ProgramPath, .. words.Split(' ')]
        );
        return program.WaitForEnd(Patience);
    }

    /// <summary>Starts the program with words that blanks separate.</summary>
    public static RunningProgram Start(
        string workingFolder,
        Dictionary<string, string?> environment,
        string words
    ) => Start(workingFolder, environment, words.Split(' '));

    /// <summary>Starts the program.</summary>
    public static RunningProgram Start(
        string workingFolder,
        Dictionary<string, string?> environment,
        params string[] arguments
    ) => Start(workingFolder, environment, Dotnet, [ProgramPath, .. arguments]);

    private static RunningProgram Start(
        string workingFolder,
        Dictionary<string, string?> environment,
        string program,
        string[] arguments
    )
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
            StandardErrorEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        // Whatever models the user of this machine has in the hub's cache: the tests do not find them.
        start.Environment["HF_HUB_CACHE"] = Path.Combine(workingFolder, "no-hub-cache");
        start.Environment.Remove("NO_COLOR");
        // Whatever backends they installed.
        start.Environment["ECHORATE_HOME"] = Path.Combine(workingFolder, "no-home");
        // Whatever GPUs it has: tests expect the CPU's figures where they do not ask for another device.
        start.Environment["GGML_VK_VISIBLE_DEVICES"] = "";
        start.Environment["CUDA_VISIBLE_DEVICES"] = "-1";
        // Hundreds of short runs: counting for later optimization takes a fifth of each.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        return new RunningProgram(Process.Start(start)!);
    }
}
