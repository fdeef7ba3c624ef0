using System.Security.Cryptography;
using EchoRate.Core.Items;
using EchoRate.Gguf;

namespace EchoRate.Hub.Manifests;

/// <summary>Reads <c>gguf-manifest.yaml</c>; <c>gguf-manifest.schema.json</c> says the same to editors.</summary>
public static class ManifestReader
{
    internal static readonly YamlKeys Root = new("the manifest", "schema_version", "models");
    internal static readonly YamlKeys Model = new(
        "a model",
        ["name", "family", "tuning", "source", "shows", "licence", "published", "files"]
    );
    internal static readonly YamlKeys Licence = new("a licence", "name", "spdx", "url", "gated");
    internal static readonly YamlKeys File = new(
        "a file",
        ["quant", "label", "path", "repo", "revision", "bytes", "sha256", "parts"]
    );
    internal static readonly YamlKeys Part = new("a part", "path", "bytes", "sha256");
    internal static readonly string[] Tunings = ["base", "it", "post"];

    /// <summary>The manifest in a file, with what the lock file beside it knows.</summary>
    /// <exception cref="ManifestException">One of the two cannot be read or is not what it should be; a problem, with line and column.</exception>
    public static Manifest Read(string path) =>
        Parse(ManifestText.Read(path), path, LockFile.For(path));

    /// <summary>The manifest in these bytes; <paramref name="path"/> says where they come from and need not exist.</summary>
    /// <exception cref="ManifestException">The bytes are not a manifest; a problem, with line and column.</exception>
    public static Manifest Parse(byte[] content, string path, LockFile? known = null)
    {
        var text = ManifestText.Decode(content, path);
        var document = PlainYaml.Read(text, path, $"needed: {Root.Listed}");
        var root = YamlMap.Root(document, Root, path, Manifest.CurrentSchemaVersion);
        return new Manifest
        {
            Path = Path.GetFullPath(path),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            Models = ModelsOf(root, known ?? new LockFile([])),
        };
    }

    private static List<ManifestModel> ModelsOf(YamlMap root, LockFile known)
    {
        var lines = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var models = new List<ManifestModel>();
        foreach (var model in root.Maps("models", Model))
        {
            var name = model.Required("name", HubNames.WrongName);
            if (!lines.TryAdd(name, model.Line))
            {
                throw model.Wrong(
                    "name",
                    $"a model named {Wording.Quote(name)} already begins on line {lines[name]}"
                );
            }
            var licence = model.Map("licence", Licence);
            models.Add(
                new ManifestModel
                {
                    Name = name,
                    Family = model.Text("family", HubNames.WrongName),
                    Tuning = model.Text("tuning", word => HubNames.WrongWord(word, Tunings)),
                    Source = model.Text("source"),
                    Shows = model.Text("shows"),
                    Licence = licence is null
                        ? null
                        : new ManifestLicence
                        {
                            Name = licence.Required("name"),
                            Spdx = licence.Text("spdx"),
                            Url = licence.Text("url", HubNames.WrongUrl),
                            Gated = licence.Flag("gated"),
                        },
                    Published = model.Text(
                        "published",
                        word => HubNames.WrongWord(word, PublishedTable.Names)
                    ),
                    Files = FilesOf(model, known),
                }
            );
        }
        return models;
    }

    private static List<ManifestFile> FilesOf(YamlMap model, LockFile known)
    {
        var lines = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var files = new List<ManifestFile>();
        foreach (var file in model.Maps("files", File))
        {
            var written = file.Required("quant", WrongQuant);
            var quant = QuantizationNames.OfLabel(written)!;
            var label =
                file.Text("label", HubNames.WrongName) ?? QuantizationNames.Label(written) ?? quant;
            if (!lines.TryAdd(label, file.Line))
            {
                throw file.Wrong(
                    "quant",
                    $"this model already has a {label} file on line {lines[label]}; give one of the two a 'label' of its own"
                );
            }
            if (!file.Has("repo") && file.Has("revision"))
            {
                const string Problem =
                    "'revision' belongs to a file of the hub; add 'repo', or leave it out";
                throw file.WrongKey("revision", Problem);
            }
            files.Add(
                known.Complete(
                    new ManifestFile
                    {
                        Quant = quant,
                        Label = label,
                        Repo = file.Text("repo", HubNames.WrongRepo),
                        Revision = HubNames.NormaliseRevision(
                            file.Text("revision", HubNames.WrongRevision)
                        ),
                        Parts = file.Has("parts") ? Parts(file) : [Whole(file)],
                    }
                )
            );
        }
        return files;
    }

    private static string? WrongQuant(string text) =>
        QuantizationNames.Label(text) is not null
            ? null
            : $"is {Wording.Quote(text)}; llama-quantize's names are allowed: {string.Join(", ", QuantizationNames.All)}, and publishers' labels like UD-Q4_K_XL";

    private static ManifestPart Whole(YamlMap file)
    {
        var isLocal = !file.Has("repo");
        file.Require(
            "path",
            isLocal ? " (a file on this disk, or one of a hub repository beside 'repo')" : ""
        );
        var whole = PartOf(file, isLocal);
        if (SplitName.Parse(whole.Path) is { Count: > 1 } split)
        {
            throw file.Wrong(
                "path",
                $"{Wording.Quote(whole.Path)} is one part of {split.Count}; list all of them under 'parts' (- path: …)"
            );
        }
        return whole;
    }

    private static List<ManifestPart> Parts(YamlMap file)
    {
        foreach (var key in Part.Keys.Where(file.Has))
        {
            throw file.WrongKey(
                key,
                $"'{key}' belongs to each of the 'parts' here, not beside them"
            );
        }
        var parts = new List<ManifestPart>();
        foreach (var part in file.Maps("parts", Part))
        {
            parts.Add(PartOf(part, isLocal: !file.Has("repo")));
        }
        var inOrder = parts.OrderBy(part => SplitName.Parse(part.Path)?.Number).ToList();
        var first = SplitName.Parse(inOrder[0].Path);
        var all = inOrder.Select((_, i) => first is null ? null : first with { Number = i + 1 });
        if (
            first?.Count != parts.Count
            || !all.SequenceEqual(inOrder.Select(part => SplitName.Parse(part.Path)))
        )
        {
            var listed = string.Join(
                ", ",
                inOrder.Take(8).Select(part => Wording.Quote(part.Path))
            );
            throw file.Wrong(
                "parts",
                $"'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these {inOrder.Count} are listed: {listed}"
            );
        }
        return inOrder;
    }

    private static ManifestPart PartOf(YamlMap map, bool isLocal) =>
        new()
        {
            Path = map.Required("path", isLocal ? null : HubNames.WrongHubPath),
            Bytes = map.Number("bytes"),
            Sha256 = map.Text("sha256", HubNames.WrongSha256)?.ToLowerInvariant(),
        };
}
