using YamlDotNet.Core;

namespace EchoRate.Hub.Manifests;

/// <summary>
/// Where everything stands in a manifest, and what is wrong there. A place is named by the mapping's path (<c>models[0].files[1]</c>) and a key.
/// </summary>
internal sealed class YamlPlaces(string file)
{
    private readonly Dictionary<string, Mark> _keys = [];
    private readonly Dictionary<string, Mark> _values = [];
    private readonly List<ManifestProblem> _problems = [];

    public bool IsWrong => _problems.Count > 0;

    /// <summary>Whether a key is written, whatever its value.</summary>
    public bool Has(string at, string key) => _keys.ContainsKey(At(at, key));

    public long Line(string at) => _values[at].Line;

    /// <summary>Reports a problem of a key's value, or of the mapping where the key is absent.</summary>
    public void Report(string at, string key, string problem) =>
        Report(_values[Has(at, key) ? At(at, key) : at], problem);

    public void ReportKey(string at, string key, string problem) =>
        Report(_keys[At(at, key)], problem);

    /// <summary>Reports a key that is missing, with a remark on what it is.</summary>
    public void Require(string at, string what, string key, string remark = "")
    {
        if (!Has(at, key))
        {
            Report(at, key, $"{what} needs the key '{key}'{remark}");
        }
    }

    /// <summary>Ends the reading where the file has another schema version: what else is wrong then would only mislead.</summary>
    public void RequireVersion(string what, long version, long known)
    {
        Require("", what, "schema_version");
        if (version != 0 && version != known)
        {
            _problems.Clear();
            Report(
                "",
                "schema_version",
                $"schema_version {version} is unknown; this program reads {known}"
            );
            ThrowIfWrong();
        }
    }

    /// <summary>Holds a value against a rule, which gives what is wrong, or null.</summary>
    public void Check(string at, string key, string? value, Func<string, string?> rule)
    {
        if (value is not null && rule(value) is { } wrong)
        {
            Report(at, key, $"'{key}' {wrong}");
        }
    }

    /// <summary>A list's items that could be read, each with its path; an empty list is reported.</summary>
    public IEnumerable<(T Item, string At)> Items<T>(string at, string key, IReadOnlyList<T>? list)
    {
        if (list?.Count == 0)
        {
            Report(at, key, $"'{key}' is an empty list; it needs at least one entry");
        }
        return (list ?? [])
            .Select((item, i) => (item, $"{At(at, key)}[{i}]"))
            .Where(pair => pair.item is not null);
    }

    /// <summary>Ends the reading where a problem was found.</summary>
    public void ThrowIfWrong()
    {
        if (IsWrong)
        {
            var inOrder = _problems.OrderBy(problem => (problem.Line, problem.Column));
            throw new ManifestException(file, [.. inOrder]);
        }
    }

    public static string At(string at, string key) => at.Length == 0 ? key : $"{at}.{key}";

    public void Add(string path, Mark place) => _values[path] = place;

    /// <summary>Remembers where a key stands; where it was met before, that is reported.</summary>
    public void AddKey(string path, Mark place, string again)
    {
        if (!_keys.TryAdd(path, place))
        {
            Report(place, $"{again} (first on line {_keys[path].Line})");
        }
    }

    /// <summary>Where a value's key stands; null where it has none.</summary>
    public Mark? KeyOf(string path) => _keys.TryGetValue(path, out var place) ? place : null;

    public void Report(Mark place, string problem) => _problems.Add(Problem(place, problem));

    /// <summary>A problem that ends the reading at once.</summary>
    public ManifestException Fatal(Mark place, string problem) =>
        new(file, [Problem(place, problem)]);

    private static ManifestProblem Problem(Mark place, string text) =>
        new((int)Math.Max(1, place.Line), (int)Math.Max(1, place.Column), text);
}
