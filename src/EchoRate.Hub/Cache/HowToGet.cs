using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Cache;

/// <summary>The words about a file of the hub that is not on this disk.</summary>
internal static class HowToGet
{
    private const string Hub = "https://huggingface.co";

    /// <summary>One line: the command that brings the file to where it is looked for, the address, the licence.</summary>
    public static string Describe(ManifestEntry entry)
    {
        ManifestFile file = entry.File;
        string paths = string.Join(' ', file.Parts.Select(part => part.Path));
        string pinned = file.Revision is null ? "" : $" --revision {file.Revision}";
        string licence = entry.Model.Licence is { } terms ? $"; licence: {terms.Describe()}" : "";
        return $"not in the Hugging Face cache; get it with: hf download {file.Repo} {paths}{pinned}, or from {Address(file)}{licence}";
    }

    /// <summary>The address of the file's first part.</summary>
    public static string Address(ManifestFile file)
    {
        IEnumerable<string> path = file.Parts[0].Path.Split('/').Select(Uri.EscapeDataString);
        return $"{Hub}/{file.Repo}/resolve/{Uri.EscapeDataString(file.Revision ?? "main")}/{string.Join('/', path)}";
    }
}
