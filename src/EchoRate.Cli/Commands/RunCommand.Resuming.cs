using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>--resume</c>.</summary>
internal sealed partial class RunCommand
{
    private async Task<int> ResumeAsync(
        Command command,
        ParseResult parsed,
        CancellationToken cancellation
    )
    {
        var named =
            parsed.GetValue(_out)
            ?? throw new UsageException(
                $"{_resume.Name}: name the run's folder with {_out.Name} DIR"
            );
        var path = pipeline.PathOf(named);
        if (!RunFolder.IsRun(path))
        {
            // Killed before it was a run, or never begun.
            return await RunAsync(parsed, null, cancellation);
        }
        var earlier = RunInfo.Read(RunFolder.Open(path).InfoPath);
        if (earlier.Arguments is not ["run", ..])
        {
            throw new UsageException(
                $"{path}: made by 'echorate {string.Join(' ', earlier.Arguments.Take(1))}'; only a run can be gone on with"
            );
        }
        IReadOnlyList<string> given = [.. parsed.Tokens.Select(token => token.Value)];
        if (earlier.Finished is not null && given.Count == FewestWords)
        {
            return SayFinished(earlier);
        }
        var words = EarlierArguments.With(
            earlier.Arguments,
            earlier.WorkingFolder,
            given,
            command,
            [_out.Name, _resume.Name]
        );
        return await RunAsync(
            command.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null }),
            earlier,
            cancellation
        );
    }

    private int SayFinished(RunInfo run)
    {
        terminal.Error.WriteLine(
            $"The run is finished since {run.Finished:yyyy-MM-dd HH:mm:ss}; nothing is left to do"
        );
        return ExitCode.Done;
    }
}
