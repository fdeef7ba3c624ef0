using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Reading;

/// <summary>Turns the YAML tree into models, collecting every problem on the way.</summary>
internal sealed class ManifestBinder
{
    private readonly List<ManifestProblem> _problems = [];

    /// <summary>Every problem met, in the file's order.</summary>
    public IReadOnlyList<ManifestProblem> Problems =>
        [.. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    /// <summary>The models that could be read; to be used only when there are no problems.</summary>
    public IReadOnlyList<ManifestModel> Bind(YamlNode root)
    {
        MapReader? file = MapReader.Of(root, "the manifest", ManifestKeys.Root, _problems);
        if (file is null || !HasKnownVersion(file))
        {
            return [];
        }
        List<ManifestModel> models = [];
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        foreach (YamlNode node in file.List("models", required: true) ?? [])
        {
            if (MapReader.Of(node, "a model", ManifestKeys.Model, _problems) is { } reader)
            {
                models.AddIfRead(BindModel(reader, node.Line, lines));
            }
        }
        return models;
    }

    // Another version may have other keys: what else is "wrong" then would only mislead.
    private bool HasKnownVersion(MapReader file)
    {
        long? version = file.Positive("schema_version", required: true);
        if (version is null or Manifest.CurrentSchemaVersion)
        {
            return true;
        }
        _problems.Clear();
        file.Report(
            "schema_version",
            $"schema_version {version} is unknown; this program reads {Manifest.CurrentSchemaVersion}"
        );
        return false;
    }

    private ManifestModel? BindModel(MapReader model, int line, Dictionary<string, int> lines)
    {
        string? name = model.Text("name", HubNames.WrongName, required: true);
        if (name is not null && !lines.TryAdd(name, line))
        {
            model.Report(
                "name",
                $"a model named {Wording.Quote(name)} already begins on line {lines[name]}"
            );
        }
        string? family = model.Text("family", HubNames.WrongName);
        string? tuning = model.OneOf("tuning", ManifestKeys.Tunings);
        string? source = model.Text("source");
        string? published = model.OneOf("published", ManifestKeys.PublishedColumns);
        ManifestLicence? licence = model.Node("licence") is { } node ? BindLicence(node) : null;
        List<ManifestFile> files = BindFiles(model);
        return name is null
            ? null
            : new ManifestModel
            {
                Name = name,
                Family = family,
                Tuning = tuning,
                Source = source,
                Licence = licence,
                Published = published,
                Files = files,
            };
    }

    private ManifestLicence? BindLicence(YamlNode node)
    {
        if (MapReader.Of(node, "a licence", ManifestKeys.Licence, _problems) is not { } licence)
        {
            return null;
        }
        string? name = licence.Text("name", required: true);
        string? spdx = licence.Text("spdx");
        string? url = licence.Text("url", HubNames.WrongUrl);
        bool gated = licence.Truth("gated") ?? false;
        return name is null
            ? null
            : new ManifestLicence
            {
                Name = name,
                Spdx = spdx,
                Url = url,
                Gated = gated,
            };
    }

    private List<ManifestFile> BindFiles(MapReader model)
    {
        List<ManifestFile> files = [];
        Dictionary<string, int> lines = [];
        FileBinder binder = new(_problems);
        foreach (YamlNode node in model.List("files", required: true) ?? [])
        {
            if (MapReader.Of(node, "a file", ManifestKeys.File, _problems) is not { } reader)
            {
                continue;
            }
            string? quant = FileBinder.BindQuant(reader);
            if (quant is not null && !lines.TryAdd(quant, node.Line))
            {
                reader.Report(
                    "quant",
                    $"this model already has a {quant} file on line {lines[quant]}"
                );
            }
            files.AddIfRead(binder.Bind(reader, quant));
        }
        return files;
    }
}

/// <summary>Keeps what was read, drops what was not.</summary>
file static class ReadList
{
    public static void AddIfRead<T>(this List<T> list, T? item)
        where T : class
    {
        if (item is not null)
        {
            list.Add(item);
        }
    }
}
