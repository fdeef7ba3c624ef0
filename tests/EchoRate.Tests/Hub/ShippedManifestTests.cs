using System.Text.RegularExpressions;
using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class ShippedManifestTests
{
    // Every file whose hash was known when the manifest was written: model, quantization, part, path, bytes, sha256.
    private const string KnownFiles = """
        gemma2-2b Q3_K_M 0 gemma-2-2b-it.q3_k_m.gguf 1461667392 939a1627c931b838376191c3e33be23f26ac01bc285b20f2e26ce9dc8cdbfe95
        gemma2-2b-bartowski Q4_K_M 0 gemma-2-2b-it-Q4_K_M.gguf 1708582752 e0aee85060f168f0f2d8473d7ea41ce2f3230c1bc1374847505ea599288a7787
        gemma2-2b-bartowski Q8_0 0 gemma-2-2b-it-Q8_0.gguf - 2d448a9aab894b8e8e18168cf3f490cb9f65632222f29f93514ac9ecc754debe
        gemma3-27b Q4_K_M 0 gemma-3-27b-it-Q4_K_M.gguf 16546404736 edc9aff4d811a285b9157618130b08688b0768d94ee5355b02dc0cb713012e15
        gemma-3-270m Q4_K_M 0 gemma-3-270m-q4_k_m.gguf 253113024 a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818
        smollm2-135m Q4_1 0 SmolLM2-135M-Instruct.Q4_1.gguf 98362432 b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
        qwen2.5-coder-0.5b Q4_K_M 0 qwen2.5-coder-0.5b-instruct-q4_k_m.gguf 491400064 1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32
        gpt-oss-120b MXFP4_MOE 0 gpt-oss-120b-mxfp4-00001-of-00003.gguf 12980384 e2865eb6c1df7b2ffbebf305cd5d9074d5ccc0fe3b862f98d343a46dad1606f9
        gpt-oss-120b MXFP4_MOE 1 gpt-oss-120b-mxfp4-00002-of-00003.gguf 31738487200 346492f65891fb27cac5c74a8c07626cbfeb4211cd391ec4de37dbbe3109a93b
        gpt-oss-120b MXFP4_MOE 2 gpt-oss-120b-mxfp4-00003-of-00003.gguf 31635878880 66dca81040933f5a49177e82c479c51319cefb83bd22dad9f06dad45e25f1463
        qwen3-4b Q4_K_M 0 Qwen3-4B-Q4_K_M.gguf 2497280256 7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5
        qwen3-4b Q5_0 0 Qwen3-4B-Q5_0.gguf 2823710976 7f99c1aeefbcf991f04f67104e3d6f7b899e95170359ce081b0618d4f11878f5
        qwen3-4b Q5_K_M 0 Qwen3-4B-Q5_K_M.gguf 2889513184 aca596860e8cb40af6539e3f2ea40df305f42515deac56d49c08d39a02e6533f
        qwen3-4b Q6_K 0 Qwen3-4B-Q6_K.gguf 3306260704 8a08533841623c2a689763b9318d8e27b3e052ad5b38015d4be4c04fa96f68a3
        qwen3-4b Q8_0 0 Qwen3-4B-Q8_0.gguf 4280404704 8c2f07f26af9747e41988551106f149b03eb9b5cb6df636027b6bf6278473300
        """;

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

    [Fact]
    public void Known_sizes_and_hashes_are_there_and_no_other_hash_is_claimed()
    {
        var known = KnownFiles.Split('\n').Select(line => line.Split(' ')).ToList();
        Assert.All(
            known,
            file =>
                Assert.Equal(
                    new ManifestPart
                    {
                        Path = file[3],
                        Bytes = long.TryParse(file[4], CultureInfo.InvariantCulture, out var bytes)
                            ? bytes
                            : null,
                        Sha256 = file[5],
                    },
                    Assert.Single(_manifest.Select([file[0]], [file[1]])).File.Parts[
                        int.Parse(file[2], CultureInfo.InvariantCulture)
                    ]
                )
        );
        var parts = _manifest
            .Models.SelectMany(model => model.Files)
            .SelectMany(file => file.Parts);
        Assert.Equal(known.Count, parts.Count(part => part.Sha256 is not null));
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
