using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Merging;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate merge</c>: makes one run of the shards that <c>run --shard</c> measured; no model is loaded.</summary>
internal sealed class MergeCommand(UserTerminal terminal, RunPipeline pipeline, TimeProvider clock)
{
    private readonly Argument<string[]> _folders = new("RUN_DIR")
    {
        Description = "Folders of the shards of one run, all of them, in any order",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _out = SharedOptions.Out();

    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation)
    {
        var command = new Command("merge", "Make one run of the shards of a run")
        {
            _folders,
            _out,
        };
        command.SetAction(parsed => Run(parsed, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        var paths = parsed
            .GetRequiredValue(_folders)
            .Select(path =>
                path.Length > 0
                    ? Path.GetFullPath(path, terminal.WorkingFolder)
                    : throw new UsageException("RUN_DIR: an empty path was given")
            )
            .ToList();
        var shards = ShardRun.OpenAll(paths);
        if (!RunMerger.HaveOneLibrary(shards))
        {
            terminal.Error.WriteLine(
                "echorate: the shards were measured with different CPU libraries, so that last digits may differ between their rows; files.csv says so in flags"
            );
        }
        using var folder = RunFolder.Create(pipeline.PathOf(parsed.GetValue(_out)));
        var info = RunMerger.Merge(
            shards,
            folder,
            [.. parsed.Tokens.Select(token => token.Value)],
            terminal.WorkingFolder,
            cancellation
        );
        var profile = CsvProfile.TryParse(info.CsvProfile, out var known)
            ? known
            : CsvProfile.Excel;
        return new RunEnding(terminal, clock).Finish(folder, info, profile);
    }
}
