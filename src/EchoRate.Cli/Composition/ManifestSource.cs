using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Hub.Manifests;

namespace EchoRate.Cli.Composition;

/// <summary>The manifest of a command.</summary>
internal static class ManifestSource
{
    /// <summary>Reads the manifest that was named, or the one of the working folder, with the sizes, hashes and commits that <c>pull</c> learned.</summary>
    /// <exception cref="FileNotFoundException">None was named and there is none.</exception>
    /// <exception cref="ManifestException">It, or its lock file, is wrong.</exception>
    public static Manifest Read(string? named, string workingFolder, string otherwise = "")
    {
        var path = Path.GetFullPath(named ?? OptionTexts.DefaultManifest, workingFolder);
        if (named is null && !Path.Exists(path))
        {
            throw new FileNotFoundException(
                $"no {OptionTexts.DefaultManifest} in {workingFolder}; name one with --manifest{otherwise}"
            );
        }
        return ManifestReader.Read(path);
    }

    /// <summary>The files behind <c>NAME</c>, <c>NAME:QUANT</c> and <c>NAME:QUANT,QUANT</c>, each once, in the order given; all without a name.</summary>
    /// <exception cref="UsageException">A word is empty, or a quantization is.</exception>
    /// <exception cref="SelectionException">The manifest has no such model or quantization.</exception>
    public static IReadOnlyList<ManifestEntry> Select(
        Manifest manifest,
        IReadOnlyList<string> words
    )
    {
        if (words.Count == 0)
        {
            return manifest.Select([], []);
        }
        return
        [
            .. words
                .SelectMany(word =>
                {
                    var (name, quants) = word.Split(':', 2) is [var model, var list]
                        ? (model, list.Split(','))
                        : (word, []);
                    return name.Length == 0 || quants.Any(quant => quant.Length == 0)
                        ? throw new UsageException(
                            $"'{word}' is not allowed; allowed: a model's name, or name:quantization, as in gemma2-2b:Q8_0"
                        )
                        : manifest.Select([name], quants);
                })
                .DistinctBy(entry => (entry.Model.Name, entry.File.Label)),
        ];
    }
}
