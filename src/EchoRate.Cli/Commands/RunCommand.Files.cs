using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Hub.Cache;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary>Which files a run measures.</summary>
internal sealed partial class RunCommand
{
    // --file alone runs only those files, whatever manifest lies about.
    private (IReadOnlyList<FileJob> Jobs, RunInfo.ManifestInfo? Manifest) FindFiles(
        RunRequest request
    )
    {
        var paths = request
            .Files.Select(path => Path.GetFullPath(path, terminal.WorkingFolder))
            .ToList();
        // Twice the same rows would count twice in every spreadsheet made of them.
        if (paths.GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"--file: '{twice.Key}' is given twice");
        }
        var files = paths.ConvertAll(ModelFiles.FromPath);
        if (files.Count > 0 && request is { Manifest: null, Models.Length: 0, Quants.Length: 0 })
        {
            return (files, null);
        }
        var manifest = ManifestSource
            .Read(request.Manifest, terminal.WorkingFolder, ", or a model file with --file")
            .Complete;
        var locator = new FileLocator(manifest.Folder, HubEnvironment.OfThisProcess());
        var listed = manifest
            .Select(request.Models, request.Quants)
            .Select(entry => ModelFiles.FromManifest(entry, locator));
        return ([.. listed, .. files], new RunInfo.ManifestInfo(manifest.Path, manifest.Sha256));
    }

    private static string? ReferenceOf(RunRequest request, IReadOnlyList<FileJob> jobs)
    {
        var named = request.Reference;
        var present = jobs.Select(job => job.Facts.Quantization)
            .OfType<string>()
            .Distinct()
            .ToList();
        return named is null || present.Contains(named, StringComparer.OrdinalIgnoreCase)
            ? named
            : throw new UsageException(
                $"--reference: no file of this run is '{named}'; there are: {string.Join(", ", present)}"
            );
    }

    private static IReadOnlyList<byte[]> SharedBy(IReadOnlyList<FileJob> jobs)
    {
        var paths = jobs.Where(job => job.Barred is null).Select(job => job.Facts.Path!).ToList();
        var words = SharedWords.Of(paths);
        return words.Count > 0 || paths.Count == 0
            ? words
            : throw new UsageException(
                "--items: the models of this run share no word that is one token in each of them, so common:N has none to draw"
            );
    }
}
