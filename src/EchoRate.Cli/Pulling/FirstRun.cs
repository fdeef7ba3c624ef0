using EchoRate.Cli.Composition;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli.Pulling;

/// <summary>The manifest's small models, for which a first real run needs no other command: what is not here is fetched.</summary>
internal sealed class FirstRun(UserTerminal terminal, ModelPuller puller)
{
    /// <summary>
    /// Fetches those of the named models that are a first run and not here; size and licence are said before. The check refuses what could not be
    /// run even then, before anything is fetched.
    /// </summary>
    /// <exception cref="RunException">One could not be had.</exception>
    public async Task BringAsync(ModelsRequest request, Action check)
    {
        if (request.Models.Length == 0)
        {
            return;
        }
        var manifest = ManifestSource.Read(request.Manifest, terminal.WorkingFolder);
        var locator = new FileLocator(manifest.Folder, HubEnvironment.OfThisProcess());
        var missing = manifest
            .Select(request.Models, request.Quants)
            .Where(entry =>
                entry is { Model.Shows: not null, File.IsLocal: false }
                && locator.Locate(entry).Presence == FilePresence.NotHere
            )
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }
        check();
        foreach (var entry in missing)
        {
            await terminal.Error.WriteLineAsync(
                $"{Name(entry)} is not here and is fetched: {Size(entry)}{entry.File.Repo}{Licence(entry)}"
            );
        }
        var results = await puller.PullAsync(WantedFile.Of(missing), manifest.Path);
        if (results.Any(result => result.Failure is not null))
        {
            var wanted = string.Join(
                ", ",
                missing.Select(entry => $"{entry.File.Parts[0].Path} of {entry.File.Repo}")
            );
            throw new RunException(
                $"nothing was run; the same command tries again, or bring the file yourself ({wanted}) and name it: {OwnProgram.Spoken} run --file PATH.gguf"
            );
        }
    }

    /// <summary>The first model of the working folder's manifest that is a first run, of known size; null where there is none.</summary>
    public static ManifestEntry? Find(string workingFolder) =>
        File.Exists(Path.Combine(workingFolder, OptionTexts.DefaultManifest))
            ? ManifestSource
                .Read(null, workingFolder)
                .Select([], [])
                .FirstOrDefault(entry => entry is { Model.Shows: not null, File.Bytes: not null })
            : null;

    /// <summary>The command that runs it, and what it shows.</summary>
    public static string Describe(ManifestEntry entry) =>
        $"{OwnProgram.Spoken} run --model {entry.Model.Name} --quant {entry.File.Label} ({Size(entry)}{entry.Model.Shows})";

    private static string Name(ManifestEntry entry) => $"{entry.Model.Name} {entry.File.Label}";

    private static string Size(ManifestEntry entry) =>
        entry.File.Bytes is { } bytes ? $"{QuantizeWords.Size(bytes)}, " : "";

    private static string Licence(ManifestEntry entry) =>
        entry.Model.Licence is { } licence ? $", {licence.Describe()}" : "";
}
