namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Manifests that cannot be read: code 3 with line and column; names that they do not hold: code 2.</summary>
public sealed class BadManifestTests : IDisposable
{
    private const string Good = """
        schema_version: 1
        models:
          - name: here
            files:
              - { quant: F16, path: m.gguf }
              - { quant: Q8_0, path: n.gguf }

        """;

    private readonly Workplace _here = new();

    [Fact]
    public void A_broken_manifest_is_one_line_with_line_and_column()
    {
        _here.Folder.Write(
            "gguf-manifest.yaml",
            Good.Replace("    files:", "    quants: []\n    files:")
        );

        _here.Refuses(
            3,
            "{folder}/gguf-manifest.yaml:4:5: unknown key 'quants'; allowed in a model: name, family, tuning, source, shows, licence, published, files",
            "run --out r"
        );
    }

    [Theory]
    [InlineData(3, "{folder}/m.yaml: no such file", "run --manifest m.yaml")]
    [InlineData(3, "{folder}: is a folder, not a manifest file", "run --manifest .")]
    [InlineData(
        3,
        "{folder}/m.gguf: is a GGUF file, not a manifest; --file takes it",
        "run --manifest m.gguf"
    )]
    [InlineData(
        3,
        "no gguf-manifest.yaml in {folder}; name one with --manifest, or a model file with --file",
        "run --out r"
    )]
    [InlineData(
        2,
        "unknown model 'there'; there are: here",
        "run --manifest here.yaml --model there"
    )]
    [InlineData(
        2,
        "unknown quant 'Q9'; there are: F16, Q8_0",
        "run --manifest here.yaml --quant Q9"
    )]
    public void What_is_not_there_is_one_line(int code, string line, string words)
    {
        _here.Folder.Write("here.yaml", Good);
        _here.Folder.Write("m.gguf", "GGUF and so on");

        _here.Refuses(code, line, words);
    }

    public void Dispose() => _here.Dispose();
}
