using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>--resume</c>.</summary>
internal sealed partial class RunCommand
{
    private const string OutOption = "--out";
    private const string ResumeOption = "--resume";

    private async Task<int> ResumeAsync(RunRequest request)
    {
        if (request.Out is null)
        {
            throw new UsageException($"{ResumeOption}: name the run's folder with {OutOption} DIR");
        }
        var path = pipeline.PathOf(request.Out);
        if (!RunFolder.IsRun(path))
        {
            // Killed before it was a run, or never begun.
            return await RunAsync(request, null);
        }
        var earlier = RunInfo.Read(RunFolder.Open(path).InfoPath);
        if (earlier.Arguments is not ["run", ..])
        {
            throw new UsageException(
                $"{path}: made by 'echorate {string.Join(' ', earlier.Arguments.Take(1))}'; only a run can be gone on with"
            );
        }
        var run = Verb.Of(() => this);
        var now = run.OptionsIn([.. words.Skip(1)]);
        if (earlier.Finished is not null && now.All(option => IsOfNow(option.Name)))
        {
            return SayFinished(earlier);
        }
        var then = run.OptionsIn([.. earlier.Arguments.Skip(1)])
            .Where(option => !IsOfNow(option.Name));
        var both = EarlierArguments.With(then, earlier.WorkingFolder, now);
        return await RunAsync(run.Read<RunRequest>(both), earlier);
    }

    // These two say how to go on, not what is measured.
    private static bool IsOfNow(string option) => option is OutOption or ResumeOption;

    private int SayFinished(RunInfo run)
    {
        terminal.Error.WriteLine(
            $"The run is finished since {run.Finished:yyyy-MM-dd HH:mm:ss}; nothing is left to do"
        );
        return ExitCode.Done;
    }
}
