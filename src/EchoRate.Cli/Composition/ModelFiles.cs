using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Gguf;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>Finds the model files that a run is asked for and reads their headers.</summary>
internal static class ModelFiles
{
    /// <summary>
    /// The files that a command measures, asked for by full paths: those that are named alone, whatever manifest lies about; where something of the
    /// manifest is asked for too, or nothing is named, what it has. A manifest that is not named lies in the folder; errors say how files are named.
    /// </summary>
    /// <exception cref="UsageException">A file is named twice.</exception>
    public static (IReadOnlyList<FileJob> Files, RunInfo.ManifestInfo? Manifest) Find(
        ModelsRequest wanted,
        string option,
        string folder
    )
    {
        // Twice the same rows would count twice in every spreadsheet made of them.
        if (
            wanted.Files.GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice
        )
        {
            throw new UsageException($"{option}: '{twice.Key}' is given twice");
        }
        var files = wanted.Files.Select(FromPath).ToList();
        if (files.Count > 0 && wanted is { Manifest: null, Models.Length: 0, Quants.Length: 0 })
        {
            return (files, null);
        }
        var manifest = ManifestSource.Read(
            wanted.Manifest,
            folder,
            $", or a model file{(option.StartsWith('-') ? " with " + option : "")}"
        );
        var locator = new FileLocator(manifest.Folder, HubEnvironment.OfThisProcess());
        var listed = manifest
            .Select(wanted.Models, wanted.Quants)
            .Select(entry => FromManifest(entry, locator));
        return ([.. listed, .. files], new RunInfo.ManifestInfo(manifest.Path, manifest.Sha256));
    }

    /// <summary>A file named on the command line. What is wrong with it stops the run before anything is written.</summary>
    /// <exception cref="GgufException">Missing, unreadable, not GGUF, truncated.</exception>
    public static FileJob FromPath(string path)
    {
        var file = GgufFile.Read(path);
        return new FileJob
        {
            Header = file,
            Facts = ManifestClaims.HoldName(ModelFacts.From(file), out var notes),
            Notes = notes,
            Parts = [.. file.Parts.Select(part => new ModelPart(part.Path))],
            Barred = NoNextToken(file),
        };
    }

    /// <summary>A file of the manifest. What is wrong with it is said in its rows, and the other files run.</summary>
    public static FileJob FromManifest(ManifestEntry entry, FileLocator locator)
    {
        var location = locator.Locate(entry);
        if (location.Presence != FilePresence.Here)
        {
            var status =
                location.Presence == FilePresence.NotHere ? RowStatus.NotHere : RowStatus.Failed;
            return new FileJob
            {
                Facts = Named(new ModelFacts { Model = entry.Model.Name }, entry, location),
                Barred = (status, location.Reason!),
            };
        }
        if (!GgufFile.TryRead(location.Paths[0], out var file, out var problems))
        {
            return new FileJob
            {
                Facts = Named(
                    new ModelFacts { Model = entry.Model.Name, Path = location.Paths[0] },
                    entry,
                    location
                ),
                Barred = (RowStatus.Failed, new GgufException(location.Paths[0], problems).Message),
            };
        }
        var facts = Named(ModelFacts.From(file!), entry, location);
        return new FileJob
        {
            Header = file,
            IsOfManifest = true,
            Facts = ManifestClaims.Hold(facts, file!, entry, out var notes),
            Notes = notes,
            Parts =
            [
                .. location.Paths.Zip(
                    entry.File.Parts,
                    (path, part) => new ModelPart(path, part.Sha256)
                ),
            ],
            Barred = NoNextToken(file!),
        };
    }

    // It loads, and every figure of it would be nonsense.
    private static (RowStatus, string)? NoNextToken(GgufFile file) =>
        file.Problems.FirstOrDefault(problem =>
            problem.Code is GgufProblemCode.EmbeddingModel or GgufProblemCode.NotCausal
        )
            is { } problem
            ? (RowStatus.Failed, problem.Message)
            : null;

    // What the manifest says of the model; of the file's kind the header says more, where it was read.
    private static ModelFacts Named(ModelFacts facts, ManifestEntry entry, FileLocation location) =>
        facts with
        {
            Model = entry.Model.Name,
            Family = entry.Model.Family,
            Tuning = entry.Model.Tuning,
            Source = entry.Model.Source,
            SourceRepo = entry.File.Repo,
            SourceRevision = location.Revision ?? entry.File.Revision,
            Quantization = facts.Quantization ?? entry.File.Quant,
            OwnLabel =
                facts.Architecture is null && entry.File.Label != entry.File.Quant
                    ? entry.File.Label
                    : facts.OwnLabel,
            PublishedColumn = entry.Model.Published,
        };
}
