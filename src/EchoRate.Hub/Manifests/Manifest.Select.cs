using EchoRate.Gguf;

namespace EchoRate.Hub.Manifests;

public sealed partial record Manifest
{
    /// <summary>
    /// The files of the named models in the named quantizations, in the manifest's order; an empty list of names means all.
    /// </summary>
    /// <exception cref="SelectionException">A name that the manifest does not have.</exception>
    public IReadOnlyList<ManifestEntry> Select(
        IReadOnlyCollection<string> models,
        IReadOnlyCollection<string> quants
    )
    {
        ManifestModel[] chosen = models.Count == 0 ? [.. Models] : ChooseModels(models);
        HashSet<string>? wanted = quants.Count == 0 ? null : ChooseQuants(chosen, quants);
        return
        [
            .. chosen.SelectMany(model =>
                model
                    .Files.Where(file => wanted is null || wanted.Contains(file.Quant))
                    .Select(file => new ManifestEntry(model, file))
            ),
        ];
    }

    private ManifestModel[] ChooseModels(IReadOnlyCollection<string> names)
    {
        string[] known = [.. Models.Select(model => model.Name)];
        foreach (string name in names)
        {
            if (!known.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new SelectionException("model", name, known);
            }
        }
        return
        [
            .. Models.Where(model => names.Contains(model.Name, StringComparer.OrdinalIgnoreCase)),
        ];
    }

    // A quantization that only some of the chosen models have is fine; one that none of them has is a slip.
    private static HashSet<string> ChooseQuants(
        ManifestModel[] models,
        IReadOnlyCollection<string> names
    )
    {
        string[] known =
        [
            .. models.SelectMany(model => model.Files).Select(file => file.Quant).Distinct(),
        ];
        HashSet<string> wanted = [];
        foreach (string name in names)
        {
            string? quant = QuantizationNames.Normalise(name);
            if (quant is null || !known.Contains(quant))
            {
                throw new SelectionException("quant", name, known);
            }
            wanted.Add(quant);
        }
        return wanted;
    }
}
