using System.Globalization;
using EchoRate.Gguf;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Reading;

/// <summary>Turns one entry under <c>files</c> into a <see cref="ManifestFile"/>.</summary>
internal sealed class FileBinder(List<ManifestProblem> problems)
{
    /// <summary>The quantization in llama-quantize's spelling; null, with a problem, when absent or unknown.</summary>
    public static string? BindQuant(MapReader file) =>
        file.Text("quant", WrongQuant, required: true) is { } text
            ? QuantizationNames.Normalise(text)
            : null;

    /// <summary>The file; null, with problems, when it cannot be read.</summary>
    public ManifestFile? Bind(MapReader file, string? quant)
    {
        string? repo = file.Text("repo", HubNames.WrongRepo);
        string? revision = file.Text("revision", HubNames.WrongRevision);
        bool isLocal = !file.Has("repo");
        if (isLocal && file.Has("revision"))
        {
            file.ReportKey(
                "revision",
                "'revision' belongs to a file of the hub; add 'repo', or leave it out"
            );
        }
        IReadOnlyList<ManifestPart> parts = file.Has("parts")
            ? BindParts(file, isLocal)
            : BindWhole(file, isLocal);
        return quant is null
            ? null
            : new ManifestFile
            {
                Quant = quant,
                Repo = repo,
                Revision = revision is null ? null : HubNames.NormaliseRevision(revision),
                Parts = parts,
            };
    }

    private static string? WrongQuant(string text) =>
        QuantizationNames.Normalise(text) is not null
            ? null
            : $"is {Wording.Quote(text)}{Wording.DidYouMean(text, QuantizationNames.All)}; llama-quantize's names are allowed: {string.Join(", ", QuantizationNames.All)}";

    private static ManifestPart[] BindWhole(MapReader file, bool isLocal)
    {
        if (!file.Has("path"))
        {
            file.ReportMissing(
                "path",
                isLocal ? " (a file on this disk, or one of a hub repository beside 'repo')" : ""
            );
        }
        if (BindPart(file, isLocal) is not { } part)
        {
            return [];
        }
        if (SplitName.Parse(part.Path) is { Count: > 1 } split)
        {
            file.Report(
                "path",
                $"{Wording.Quote(part.Path)} is one part of {split.Count}; list all of them under 'parts' (- path: …)"
            );
        }
        return [part];
    }

    private ManifestPart[] BindParts(MapReader file, bool isLocal)
    {
        foreach (string key in ManifestKeys.Part.Where(file.Has))
        {
            file.ReportKey(key, $"'{key}' belongs to each of the 'parts' here, not beside them");
        }
        int problemsBefore = problems.Count;
        List<ManifestPart> parts = [];
        foreach (YamlNode node in file.List("parts") ?? [])
        {
            MapReader? reader = MapReader.Of(node, "a part", ManifestKeys.Part, problems);
            if (reader is not null && !reader.Has("path"))
            {
                reader.ReportMissing("path");
            }
            if (reader is not null && BindPart(reader, isLocal) is { } part)
            {
                parts.Add(part);
            }
        }
        if (problems.Count == problemsBefore && WrongSet(parts) is { } wrong)
        {
            file.Report("parts", wrong);
        }
        return [.. parts.OrderBy(part => SplitName.Parse(part.Path)?.Number)];
    }

    private static ManifestPart? BindPart(MapReader reader, bool isLocal)
    {
        string? path = isLocal ? reader.Text("path") : reader.Text("path", HubNames.WrongHubPath);
        long? bytes = reader.Positive("bytes");
        string? sha256 = reader.Text("sha256", HubNames.WrongSha256);
        return path is null
            ? null
            : new ManifestPart
            {
                Path = path,
                Bytes = bytes,
                Sha256 = sha256?.ToLowerInvariant(),
            };
    }

    private static string? WrongSet(List<ManifestPart> parts)
    {
        if (SplitName.Parse(parts[0].Path) is not { } first)
        {
            return NotAPart(parts[0]);
        }
        HashSet<int> numbers = [];
        foreach (ManifestPart part in parts)
        {
            if (SplitName.Parse(part.Path) is not { } name)
            {
                return NotAPart(part);
            }
            if (name.Prefix != first.Prefix || name.Count != first.Count)
            {
                return $"{Wording.Quote(part.Path)} and {Wording.Quote(parts[0].Path)} are not parts of one file";
            }
            if (name.Number < 1 || name.Number > name.Count)
            {
                return $"{Wording.Quote(part.Path)}: there is no part {name.Number} of {name.Count}";
            }
            if (!numbers.Add(name.Number))
            {
                return $"{Wording.Quote(part.Path)} stands twice";
            }
        }
        if (numbers.Count == first.Count)
        {
            return null;
        }
        int missing = Enumerable.Range(1, first.Count).First(number => !numbers.Contains(number));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{numbers.Count} of {first.Count} parts are listed; part {missing:00000} is missing"
        );
    }

    private static string NotAPart(ManifestPart part) =>
        $"{Wording.Quote(part.Path)} is not named as a part is (…-00001-of-00003.gguf)";
}
