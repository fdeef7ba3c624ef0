using System.Text.Json;
using Cocona;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate inspect</c>.</summary>
internal sealed record InspectRequest : ICommandParameterSet
{
    [Argument("FILE.gguf", Description = OptionTexts.File)]
    public string File { get; init; } = "";

    [Option(
        "check",
        Description = "Only check the file: every problem with its code; exit code 3 where a run would refuse it"
    )]
    public bool Check { get; init; }

    [Option("json", Description = OptionTexts.Json)]
    public bool Json { get; init; }
}

/// <summary><c>echorate inspect</c>: what a person asks before a run, from the header alone; llama.cpp is not needed.</summary>
internal sealed class InspectCommand(UserTerminal terminal)
{
    [Command(
        "inspect",
        Description = "Show what a GGUF file's header says: types, tokenizer, BOS, warnings"
    )]
    public async Task<int> RunAsync(InspectRequest request)
    {
        var path = Path.GetFullPath(request.File, terminal.WorkingFolder);
        if (request.Check)
        {
            return await CheckAsync(path, request.Json);
        }
        var inspection = Inspection.Of(ModelHeader.Read(path));
        await terminal.Out.WriteAsync(
            request.Json
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
