namespace EchoRate.Cli.Tests.Inspecting;

/// <summary>The built program with bytes on its stdin.</summary>
internal static class PipedProgram
{
    /// <summary>Runs it to its end.</summary>
    public static Outcome Run(byte[] input, params string[] arguments)
    {
        var utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var start = new ProcessStartInfo(Echorate.Dotnet, [Echorate.ProgramPath, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = utf8,
            StandardErrorEncoding = utf8,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has seen enough and ended.
        }
        process.WaitForExit();
        return new Outcome(process.ExitCode, output.Result, error.Result);
    }
}
