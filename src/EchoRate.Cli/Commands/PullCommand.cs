using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Pulling;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Gguf;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;

namespace EchoRate.Cli.Commands;

internal sealed record PullRequest : ICommandParameterSet
{
    [Argument(
        "NAME[:QUANT]",
        Description = "Models of the manifest, or single files of them: gemma2-2b:Q8_0,Q4_K_M (default: all)"
    )]
    [HasDefaultValue]
    public string[] Names { get; init; } = [];

    [Option("manifest", ValueName = "FILE", Description = OptionTexts.Manifest), HasDefaultValue]
    public string? Manifest { get; init; }
}

/// <summary><c>echorate pull</c>: brings what the manifest names from the Hugging Face hub into its own cache.</summary>
internal sealed class PullCommand(UserTerminal terminal, ModelPuller puller)
{
    [Command(
        "pull",
        Description = "Download what the manifest names into the Hugging Face cache: resumed, hashed, verified"
    )]
    public async Task<int> RunAsync(PullRequest request)
    {
        var manifest = ManifestSource.Read(request.Manifest, terminal.WorkingFolder);
        var entries = ManifestSource.Select(manifest, request.Names);
        var wanted = WantedFile.Of(entries);
        var local = entries.Count(entry => entry.File.IsLocal);
        if (local > 0)
        {
            await terminal.Error.WriteLineAsync(
                $"{QuantizeWords.Count(local, "file")} of this disk (no 'repo' in the manifest): nothing to pull"
            );
        }
        var results = await puller.PullAsync(wanted, manifest.Path);
        await PrintPathsAsync(entries, results);
        var failed = results.Count(result => result.Failure is not null);
        return failed == 0 ? ExitCode.Done
            : failed == results.Count ? ExitCode.File
            : ExitCode.SomeFailed;
    }

    // The first part of each file that is whole.
    private async Task PrintPathsAsync(
        IReadOnlyList<ManifestEntry> entries,
        IReadOnlyList<PullResult> results
    )
    {
        var here = results
            .Where(result => result.Path is not null)
            .ToDictionary(result => result.Wanted.Address, result => result.Path!);
        foreach (var file in entries.Select(entry => entry.File).Where(file => !file.IsLocal))
        {
            var parts = file.Parts.Select(part => HubAddress.Of(file, part)).ToList();
            if (!parts.TrueForAll(here.ContainsKey))
            {
                continue;
            }
            var path = here[parts[0]];
            await terminal.Data.WriteLineAsync(path);
            // As published, and still not fit for llama.cpp: better known now than in a run.
            if (!GgufFile.TryRead(path, out _, out var problems))
            {
                await terminal.Error.WriteLineAsync(
                    $"echorate: fetched as published, but a run will refuse it: {new GgufException(path, problems).Message}"
                );
            }
        }
    }
}
