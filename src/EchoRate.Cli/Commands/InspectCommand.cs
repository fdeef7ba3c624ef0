using System.CommandLine;
using System.Text.Json;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate inspect</c>: what a person asks before a run, from the header alone; llama.cpp is not needed.</summary>
internal sealed class InspectCommand(UserTerminal terminal)
{
    private readonly Argument<string> _file = SharedOptions.File();
    private readonly Option<bool> _check = new("--check")
    {
        Description =
            "Only check the file: every problem with its code; exit code 3 where a run would refuse it",
    };
    private readonly Option<bool> _json = SharedOptions.Json();

    /// <summary>The command, for the parser.</summary>
    public Command Build()
    {
        var command = new Command(
            "inspect",
            "Show what a GGUF file's header says: types, tokenizer, BOS, warnings"
        )
        {
            _file,
            _check,
            _json,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var path = Path.GetFullPath(parsed.GetValue(_file)!, terminal.WorkingFolder);
        if (parsed.GetValue(_check))
        {
            return await CheckAsync(path, parsed.GetValue(_json));
        }
        var inspection = Inspection.Of(ModelHeader.Read(path));
        await terminal.Out.WriteAsync(
            parsed.GetValue(_json)
                ? JsonSerializer.Serialize(inspection, InspectingJson.Written.Inspection) + "\n"
                : InspectionText.Render(inspection)
        );
        return ExitCode.Done;
    }

    private async Task<int> CheckAsync(string path, bool json)
    {
        var check = FileCheck.Of(path);
        await terminal.Out.WriteAsync(
            json
                ? JsonSerializer.Serialize(check, InspectingJson.Written.FileCheck) + "\n"
                : check.Render()
        );
        if (check.Ok)
        {
            return ExitCode.Done;
        }
        var errors = check.Problems.Count(problem => problem.Severity == "error");
        await terminal.Error.WriteLineAsync(
            $"echorate: {path}: {QuantizeWords.Count(errors, "error")}; a run would refuse the file"
        );
        return ExitCode.File;
    }
}
