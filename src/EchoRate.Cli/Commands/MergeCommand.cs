using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Merging;

namespace EchoRate.Cli.Commands;

internal sealed record MergeRequest : ICommandParameterSet
{
    [Argument(
        "RUN_DIR",
        Description = "Folders of the shards of one run, all of them, in any order"
    )]
    public string[] Folders { get; init; } = [];

    [Option("out", ValueName = "DIR", Description = OptionTexts.Out), HasDefaultValue]
    public string? Out { get; init; }

    [Option("quiet", Description = OptionTexts.Quiet)]
    public bool Quiet { get; init; }
}

/// <summary><c>echorate merge</c>: makes one run of the shards that <c>run --shard</c> measured; no model is loaded.</summary>
internal sealed class MergeCommand(UserTerminal terminal, RunPipeline pipeline)
{
    [Command("merge", Description = "Make one run of the shards of a run")]
    public Task<int> RunAsync(MergeRequest request)
    {
        var shards = ShardRun.OpenAll([
            .. request.Folders.Select(path => Path.GetFullPath(path, terminal.WorkingFolder)),
        ]);
        if (!RunMerger.HaveOneLibrary(shards))
        {
            terminal.Error.WriteLine(
                "echorate: the shards were measured with different CPU libraries, so that last digits may differ between their rows; files.csv says so in flags"
            );
        }
        using var folder = RunFolder.Create(pipeline.PathOf(request.Out));
        var info = RunMerger.Merge(
            shards,
            folder,
            terminal.Words,
            terminal.WorkingFolder,
            terminal.Cancellation
        );
        return Task.FromResult(pipeline.Finish(folder, info, request.Quiet));
    }
}
