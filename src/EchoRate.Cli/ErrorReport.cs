using EchoRate.Cli.Errors;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Engine;
using EchoRate.Gguf;
using EchoRate.Hub;
using EchoRate.Hub.Manifests;
using EchoRate.Reports.Inputs;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli;

/// <summary>The one place that turns what went wrong into one line on stderr and an exit code.</summary>
internal static class ErrorReport
{
    public static int Print(Exception error, UserTerminal terminal)
    {
        var code = CodeOf(error);
        if (code == ExitCode.Bug)
        {
            terminal.Error.WriteLine("echorate: a bug; please report it with what follows");
            terminal.Error.WriteLine(error.ToString());
            return code;
        }
        if (code != ExitCode.Interrupted)
        {
            terminal.Error.WriteLine("echorate: " + error.Message.ReplaceLineEndings(" "));
        }
        return code;
    }

    private static int CodeOf(Exception error) =>
        error switch
        {
            UsageException or SelectionException or RunDiffersException => ExitCode.Usage,
            GgufException
            or ImportanceMatrixException
            or QuantizeException
            or ManifestException
            or HubException
            or InputFileException
            or RunException
            or EngineException
            or OutputException => ExitCode.File,
            NativeLibraryException => ExitCode.Native,
            OperationCanceledException => ExitCode.Interrupted,
            // What the system refuses outside the places that say it better: a vanished folder, a full disk.
            IOException or UnauthorizedAccessException => ExitCode.File,
            _ => ExitCode.Bug,
        };
}
