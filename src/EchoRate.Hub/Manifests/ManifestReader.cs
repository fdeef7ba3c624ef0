using System.Security.Cryptography;
using EchoRate.Gguf;

namespace EchoRate.Hub.Manifests;

/// <summary>Reads <c>gguf-manifest.yaml</c>; <c>gguf-manifest.schema.json</c> says the same to editors.</summary>
public sealed class ManifestReader
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
    internal static readonly string[] PublishedColumns =
    [
        "gemma-7b",
        "gemma2-2b",
        "gemma3-27b",
        "gpt-oss-120b",
        "qwen3-4b",
    ];

    private readonly YamlPlaces _places;

    private ManifestReader(YamlPlaces places) => _places = places;

    /// <summary>The manifest in a file.</summary>
    /// <exception cref="ManifestException">The file cannot be read or is not a manifest; all problems, with line and column.</exception>
    public static Manifest Read(string path) => Parse(ManifestText.Read(path), path);

    /// <summary>The manifest in these bytes; <paramref name="path"/> says where they come from and need not exist.</summary>
    /// <exception cref="ManifestException">The bytes are not a manifest; all problems, with line and column.</exception>
    public static Manifest Parse(byte[] content, string path)
    {
        var kinds = new Dictionary<Type, YamlKeys>
        {
            [typeof(Manifest)] = Root,
            [typeof(ManifestModel)] = Model,
            [typeof(ManifestLicence)] = Licence,
            [typeof(ManifestFile)] = File,
            [typeof(ManifestPart)] = Part,
        };
        var places = new YamlPlaces(path);
        var text = ManifestText.Decode(content, path);
        var read = new CheckedYaml(text, kinds, places).Read<Manifest>($"needed: {Root.Listed}");
        places.RequireVersion(Root.What, read.SchemaVersion, Manifest.CurrentSchemaVersion);
        places.Require("", Root.What, "models");
        var models = new ManifestReader(places).Models(read.Models);
        places.ThrowIfWrong();
        return read with
        {
            Path = Path.GetFullPath(path),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            Models = models,
        };
    }

    private List<ManifestModel> Models(IReadOnlyList<ManifestModel>? written)
    {
        var lines = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var models = new List<ManifestModel>();
        foreach (var (model, at) in _places.Items("", "models", written))
        {
            _places.Require(at, Model.What, "name");
            _places.Check(at, "name", model.Name, HubNames.WrongName);
            if (model.Name is not null && !lines.TryAdd(model.Name, _places.Line(at)))
            {
                _places.Report(
                    at,
                    "name",
                    $"a model named {Wording.Quote(model.Name)} already begins on line {lines[model.Name]}"
                );
            }
            _places.Check(at, "family", model.Family, HubNames.WrongName);
            _places.Check(at, "tuning", model.Tuning, word => HubNames.WrongWord(word, Tunings));
            _places.Check(
                at,
                "published",
                model.Published,
                word => HubNames.WrongWord(word, PublishedColumns)
            );
            if (model.Licence is { } licence)
            {
                _places.Require($"{at}.licence", Licence.What, "name");
                _places.Check($"{at}.licence", "url", licence.Url, HubNames.WrongUrl);
            }
            _places.Require(at, Model.What, "files");
            models.Add(model with { Files = Files(model.Files, at) });
        }
        return models;
    }

    private List<ManifestFile> Files(IReadOnlyList<ManifestFile>? written, string model)
    {
        var lines = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        var files = new List<ManifestFile>();
        foreach (var (file, at) in _places.Items(model, "files", written))
        {
            _places.Require(at, File.What, "quant");
            _places.Check(at, "quant", file.Quant, WrongQuant);
            _places.Check(at, "label", file.WrittenLabel, HubNames.WrongName);
            var quant = QuantizationNames.OfLabel(file.Quant ?? "") ?? "";
            var own = QuantizationNames.Label(file.Quant ?? "");
            var label = file.WrittenLabel ?? (own == quant ? null : own);
            if (quant.Length > 0 && !lines.TryAdd(label ?? quant, _places.Line(at)))
            {
                _places.Report(
                    at,
                    "quant",
                    $"this model already has a {label ?? quant} file on line {lines[label ?? quant]}; give one of the two a 'label' of its own"
                );
            }
            _places.Check(at, "repo", file.Repo, HubNames.WrongRepo);
            _places.Check(at, "revision", file.Revision, HubNames.WrongRevision);
            if (!_places.Has(at, "repo") && _places.Has(at, "revision"))
            {
                const string Problem =
                    "'revision' belongs to a file of the hub; add 'repo', or leave it out";
                _places.ReportKey(at, "revision", Problem);
            }
            files.Add(
                file with
                {
                    Quant = quant,
                    WrittenLabel = label,
                    Revision = HubNames.NormaliseRevision(file.Revision),
                    Parts = _places.Has(at, "parts") ? Parts(file, at) : [Whole(file, at)],
                }
            );
        }
        return files;
    }

    private static string? WrongQuant(string text) =>
        QuantizationNames.Label(text) is not null
            ? null
            : $"is {Wording.Quote(text)}{Wording.DidYouMean(text, QuantizationNames.All)}; llama-quantize's names are allowed: {string.Join(", ", QuantizationNames.All)}, and publishers' labels like UD-Q4_K_XL";

    private ManifestPart Whole(ManifestFile file, string at)
    {
        var isLocal = !_places.Has(at, "repo");
        _places.Require(
            at,
            File.What,
            "path",
            isLocal ? " (a file on this disk, or one of a hub repository beside 'repo')" : ""
        );
        if (SplitName.Parse(file.WrittenPath ?? "") is { Count: > 1 } split)
        {
            _places.Report(
                at,
                "path",
                $"{Wording.Quote(file.WrittenPath!)} is one part of {split.Count}; list all of them under 'parts' (- path: …)"
            );
        }
        return CheckPart(
            new ManifestPart
            {
                Path = file.WrittenPath!,
                Bytes = file.WrittenBytes,
                Sha256 = file.WrittenSha256,
            },
            at,
            isLocal
        );
    }

    private List<ManifestPart> Parts(ManifestFile file, string at)
    {
        foreach (var key in Part.Keys.Where(key => _places.Has(at, key)))
        {
            _places.ReportKey(
                at,
                key,
                $"'{key}' belongs to each of the 'parts' here, not beside them"
            );
        }
        var parts = new List<ManifestPart>();
        foreach (var (part, partAt) in _places.Items(at, "parts", file.Parts))
        {
            _places.Require(partAt, Part.What, "path");
            parts.Add(CheckPart(part, partAt, isLocal: !_places.Has(at, "repo")));
        }
        if (!_places.IsWrong && WrongSet(parts) is { } wrong)
        {
            _places.Report(at, "parts", wrong);
        }
        return [.. parts.OrderBy(part => SplitName.Parse(part.Path ?? "")?.Number)];
    }

    private ManifestPart CheckPart(ManifestPart part, string at, bool isLocal)
    {
        if (!isLocal)
        {
            _places.Check(at, "path", part.Path, HubNames.WrongHubPath);
        }
        _places.Check(at, "sha256", part.Sha256, HubNames.WrongSha256);
        return part with { Sha256 = part.Sha256?.ToLowerInvariant() };
    }

    private static string? WrongSet(List<ManifestPart> parts)
    {
        var names = parts.ConvertAll(part => (part.Path, Split: SplitName.Parse(part.Path)));
        var (firstPath, first) = names[0];
        var numbers = new HashSet<int>();
        foreach (var (path, split) in names)
        {
            var wrong =
                split is null || first is null
                    ? " is not named as a part is (…-00001-of-00003.gguf)"
                : split.Prefix != first.Prefix || split.Count != first.Count
                    ? $" and {Wording.Quote(firstPath)} are not parts of one file"
                : split.Number < 1 || split.Number > split.Count
                    ? $": there is no part {split.Number} of {split.Count}"
                : numbers.Add(split.Number) ? null
                : " stands twice";
            if (wrong is not null)
            {
                return $"{Wording.Quote(path)}{wrong}";
            }
        }
        if (numbers.Count == first!.Count)
        {
            return null;
        }
        var missing = Enumerable.Range(1, first.Count).First(number => !numbers.Contains(number));
        return $"{numbers.Count} of {first.Count} parts are listed; part {missing:00000} is missing";
    }
}
