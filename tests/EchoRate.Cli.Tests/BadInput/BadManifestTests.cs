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

    public static TheoryData<string, string> Broken =>
        new()
        {
            { "1:1: the file is empty; needed: schema_version, models", "" },
            {
                "3:1: a tab in the indentation; YAML is indented with spaces",
                "schema_version: 1\nmodels:\n\t- name: here\n"
            },
            {
                "1:17: 'schema_version' must be a positive whole number (digits only), is the text 'one'",
                Good.Replace("schema_version: 1", "schema_version: one")
            },
            {
                "4:5: unknown key 'quants'; allowed in a model: name, family, tuning, source, shows, licence, published, files",
                Good.Replace("    files:", "    quants: []\n    files:")
            },
            {
                "7:11: a model named 'here' already begins on line 3",
                Good + "  - name: here\n    files:\n      - { quant: F16, path: o.gguf }\n"
            },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_manifest_is_one_line_with_line_and_column(string problem, string text)
    {
        _here.Folder.Write("gguf-manifest.yaml", text);

        _here.Refuses(3, "{folder}/gguf-manifest.yaml:" + problem, "run --out r");
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
        "unknown model 'there' (did you mean 'here'?); there are: here",
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
