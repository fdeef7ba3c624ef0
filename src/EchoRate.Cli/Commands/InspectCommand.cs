using System.CommandLine;
using System.Text.Json;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Terminal;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate inspect</c>: what a person asks before a run, from the header alone; llama.cpp is not needed.</summary>
internal sealed class InspectCommand(UserTerminal terminal)
{
    private readonly Argument<string> _file = SharedOptions.File();
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
            _json,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var path = Path.GetFullPath(parsed.GetValue(_file)!, terminal.WorkingFolder);
        var inspection = Inspection.Of(ModelHeader.Read(path));
        await terminal.Out.WriteAsync(
            parsed.GetValue(_json)
                ? JsonSerializer.Serialize(inspection, InspectingJson.Written.Inspection) + "\n"
                : InspectionText.Render(inspection)
        );
        return ExitCode.Done;
    }
}
