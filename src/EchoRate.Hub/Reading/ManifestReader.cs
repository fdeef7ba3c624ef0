using System.Security.Cryptography;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Reading;

/// <summary>Reads <c>gguf-manifest.yaml</c>: bytes, then text, then YAML, then models, each step refusing what the next cannot bear.</summary>
public static class ManifestReader
{
    /// <summary>The manifest in a file.</summary>
    /// <exception cref="ManifestException">The file cannot be read or is not a manifest; all problems, with line and column.</exception>
    public static Manifest Read(string path) => Parse(FileBytes.Read(path), path);

    /// <summary>The manifest in these bytes; <paramref name="path"/> says where they come from and need not exist.</summary>
    /// <exception cref="ManifestException">The bytes are not a manifest; all problems, with line and column.</exception>
    public static Manifest Parse(byte[] content, string path)
    {
        string text = ManifestText.Decode(content, path);
        YamlNode? root = YamlTree.Read(text, path);
        if (root is null or YamlScalar { IsNull: true })
        {
            string what =
                string.IsNullOrWhiteSpace(text) ? "the file is empty"
                : root is null ? "the file holds only comments"
                : "the file holds nothing";
            throw new ManifestException(
                path,
                new ManifestProblem(1, 1, $"{what}; needed: {string.Join(", ", ManifestKeys.Root)}")
            );
        }
        ManifestBinder binder = new();
        IReadOnlyList<ManifestModel> models = binder.Bind(root);
        if (binder.Problems.Count > 0)
        {
            throw new ManifestException(path, binder.Problems);
        }
        return new Manifest
        {
            Path = Path.GetFullPath(path),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
            SchemaVersion = Manifest.CurrentSchemaVersion,
            Models = models,
        };
    }
}
