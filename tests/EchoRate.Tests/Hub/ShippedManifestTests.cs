using System.Text.RegularExpressions;
using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class ShippedManifestTests
{
    private static readonly string _path = Path.Combine(Repository.Root, "gguf-manifest.yaml");
    private static readonly Manifest _manifest = ManifestReader.Read(_path);
    private static readonly JsonElement _schema = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(Repository.Root, "gguf-manifest.schema.json")))
        .RootElement;

    [Fact]
    public void The_five_published_models_stand_first_each_with_its_column()
    {
        Assert.Equal(PublishedTable.Names, _manifest.Models.Take(5).Select(model => model.Name));
        Assert.All(_manifest.Models.Take(5), model => Assert.Equal(model.Name, model.Published));
        Assert.All(_manifest.Models, model => Assert.NotNull(model.Licence));
    }

    [Theory]
    [InlineData(
        "gemma-7b",
        "F16 Q8_0 Q6_K Q5_K_M Q5_K_S Q4_K_M Q4_K_S IQ4_XS Q3_K_L Q3_K_M Q3_K_S Q2_K"
    )]
    [InlineData("gemma2-2b", "F16 Q8_0 Q6_K Q5_K_M Q4_K_M Q3_K_M Q2_K")]
    [InlineData(
        "gemma3-27b",
        "F16 Q8_0 Q6_K Q5_K_M Q5_K_S Q4_K_M Q4_K_S IQ4_XS Q3_K_L Q3_K_M Q3_K_S Q2_K"
    )]
    [InlineData("gpt-oss-120b", "MXFP4_MOE")]
    [InlineData("qwen3-4b", "Q8_0 Q6_K Q5_K_M Q5_0 Q4_K_M")]
    public void Ladders_are_whole(string model, string quants) =>
        Assert.Equal(
            quants.Split(' '),
            _manifest.Select([model], []).Select(entry => entry.File.Quant)
        );

    [Theory]
    [InlineData("it", "gemma3-270m gemma3-1b gemma3-4b gemma3-12b llama3.2-1b")]
    [InlineData(
        "base",
        "gemma-3-270m gemma3-1b-base gemma3-4b-base gemma3-12b-base qwen3-0.6b-base llama3.2-1b-base"
    )]
    [InlineData("post", "gpt-oss-20b qwen3-0.6b")]
    public void What_fits_consumer_cards_is_there_with_its_twin(string tuning, string models) =>
        Assert.All(
            models.Split(' ').SelectMany(model => _manifest.Select([model], [])),
            entry =>
            {
                Assert.Equal(tuning, entry.Model.Tuning);
                Assert.NotNull(entry.Model.Source);
                Assert.NotNull(entry.File.Repo);
                // No column of the published table is theirs.
                Assert.Null(entry.Model.Published);
            }
        );

    [Fact]
    public void The_three_lines_that_its_comment_gives_as_an_example_work()
    {
        var lines = File.ReadAllLines(_path);
        var first = Array.FindIndex(lines, line => line.StartsWith("#   - name: my-model"));
        var example = string.Join('\n', lines[first..(first + 3)].Select(line => line[2..]));

        var manifest = ManifestReader.Parse(
            Encoding.UTF8.GetBytes($"schema_version: 1\nmodels:\n{example}\n"),
            "m.yaml"
        );

        var entry = Assert.Single(manifest.Select([], []));
        Assert.Equal(
            ("my-model", "Q4_K_M", true),
            (entry.Model.Name, entry.File.Quant, entry.File.IsLocal)
        );
        Assert.Equal("~/models/my-model-Q4_K_M.gguf", entry.File.Parts[0].Path);
    }

    [Fact]
    public void The_schema_for_editors_knows_the_same_words_as_the_reader()
    {
        var definitions = _schema.GetProperty("definitions");
        Assert.Equal(ManifestReader.Root.Keys, Keys(_schema));
        Assert.Equal(ManifestReader.Model.Keys, Keys(definitions.GetProperty("model")));
        Assert.Equal(ManifestReader.Licence.Keys, Keys(definitions.GetProperty("licence")));
        Assert.Equal(ManifestReader.File.Keys, Keys(definitions.GetProperty("file")));
        Assert.Equal(ManifestReader.Part.Keys, Keys(definitions.GetProperty("part")));
        Assert.Equal(ManifestReader.Tunings, Words("model", "tuning"));
        Assert.Equal(PublishedTable.Names, Words("model", "published"));
        Assert.Equal(QuantizationNames.All, Words("file", "quant"));
        Assert.Equal(
            Manifest.CurrentSchemaVersion,
            _schema
                .GetProperty("properties")
                .GetProperty("schema_version")
                .GetProperty("const")
                .GetInt32()
        );
        Assert.StartsWith(
            "# yaml-language-server: $schema=./gguf-manifest.schema.json",
            File.ReadAllText(_path)
        );

        static IEnumerable<string> Keys(JsonElement definition) =>
            definition.GetProperty("properties").EnumerateObject().Select(key => key.Name);

        static IEnumerable<string?> Words(string definition, string key) =>
            (
                Property(definition, key).TryGetProperty("anyOf", out var choices)
                    ? choices[0]
                    : Property(definition, key)
            )
                .GetProperty("enum")
                .EnumerateArray()
                .Select(word => word.GetString());
    }

    // Device names of Windows are left to the reader: a pattern for them would be no help to anybody.
    [Theory]
    [InlineData("repo", "org/name google/gemma-2-2b-GGUF a--b/c a/b..c a a/b/c -a/b ../x a/../b")]
    [InlineData("revision", "main refs/pr/1 v1.0 ../x a..b /a a//b")]
    [InlineData(
        "path",
        "m.gguf sub/m.GGUF a.b/c-d.gguf ../m.gguf a/../m.gguf ./m.gguf a/./m.gguf /m.gguf ~/m.gguf -m.gguf a//m.gguf C:/m.gguf a\\m.gguf a./m.gguf m.bin .gguf a/.gguf a?.gguf"
    )]
    public void The_schema_refuses_the_names_that_the_reader_refuses(string key, string names)
    {
        var place =
            key == "path"
                ? _schema.GetProperty("definitions").GetProperty("hubPath")
                : Property("file", key);
        var pattern = place.GetProperty("pattern").GetString()!;
        Func<string, string?> wrong = key switch
        {
            "repo" => HubNames.WrongRepo,
            "revision" => HubNames.WrongRevision,
            _ => HubNames.WrongHubPath,
        };

        Assert.All(
            names.Split(' '),
            name =>
                Assert.Equal(
                    wrong(name) is null,
                    Regex.IsMatch(name, pattern, RegexOptions.ECMAScript)
                )
        );
    }

    private static JsonElement Property(string definition, string key) =>
        _schema
            .GetProperty("definitions")
            .GetProperty(definition)
            .GetProperty("properties")
            .GetProperty(key);
}
