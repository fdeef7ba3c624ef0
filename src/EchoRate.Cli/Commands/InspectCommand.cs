using Cocona;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Inspecting;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Text;
using EchoRate.Gguf;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Commands;

internal sealed record InspectRequest : JsonRequest
{
    [Argument("FILE.gguf", Description = OptionTexts.File)]
    public string File { get; init; } = "";

    [Option(
        "check",
        Description = "Only check the file: every problem with its code; exit code 3 where a run would refuse it"
    )]
    public bool Check { get; init; }
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
        var inspection = new Inspection(Inspection.Read(path));
        await terminal.AnswerAsync(request.Json, inspection.ToJson, inspection.ToText);
        return ExitCode.Done;
    }

    // The checker alone: all problems at once, errors first.
    private async Task<int> CheckAsync(string path, bool json)
    {
        var ok = GgufFile.TryRead(path, out _, out var found);
        var problems = found.OrderByDescending(problem => problem.Severity).ToList();
        await terminal.AnswerAsync(
            json,
            () =>
                new
                {
                    Path = path,
                    Ok = ok,
                    Problems = problems.Select(problem => new
                    {
                        Severity = EnumWords.Of(problem.Severity),
                        Code = $"{problem.Code}",
                        problem.Message,
                    }),
                },
            () =>
                string.Concat(
                    problems.Select(problem =>
                        $"{EnumWords.Of(problem.Severity)} {problem.Code}: {TerminalText.Of(problem.Message)}\n"
                    )
                ) + $"{(ok ? "sound" : "not to be loaded")}: {TerminalText.Of(path)}\n"
        );
        if (ok)
        {
            return ExitCode.Done;
        }
        var errors = problems.Count(problem => problem.Severity == GgufSeverity.Error);
        await terminal.Error.WriteLineAsync(
            $"echorate: {path}: {QuantizeWords.Count(errors, "error")}; a run would refuse the file"
        );
        return ExitCode.File;
    }
}
