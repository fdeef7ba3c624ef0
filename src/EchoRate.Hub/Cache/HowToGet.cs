using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Cache;

/// <summary>The words about a file of the hub that is not on this disk.</summary>
internal static class HowToGet
{
    private const string Hub = "https://huggingface.co";

    /// <summary>One line: the commands that bring the file to where it is looked for, the address, the licence.</summary>
    public static string Describe(ManifestEntry entry)
    {
        ManifestFile file = entry.File;
        string paths = string.Join(' ', file.Parts.Select(part => Argument(part.Path)));
        string pinned = file.Revision is null ? "" : $" --revision {file.Revision}";
        string first = file.Parts.Count > 1 ? $" (the first of {file.Parts.Count} parts)" : "";
        string licence = entry.Model.Licence is { } terms ? $"; licence: {terms.Describe()}" : "";
        return $"not in the Hugging Face cache; get it with: echorate pull {entry.Model.Name}:{file.Quant}, or hf download {file.Repo} {paths}{pinned}, "
            + $"or from {Address(file)}{first}{licence}";
    }

    // The line is there to be pasted into a shell, and a manifest may come from anybody.
    private static string Argument(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-')
            ? path
            : "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>The address of the file's first part.</summary>
    public static string Address(ManifestFile file)
    {
        IEnumerable<string> path = file.Parts[0].Path.Split('/').Select(Uri.EscapeDataString);
        return $"{Hub}/{file.Repo}/resolve/{Uri.EscapeDataString(file.Revision ?? "main")}/{string.Join('/', path)}";
    }
}
