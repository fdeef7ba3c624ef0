using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EchoRate.Gguf;
using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class ShippedManifestTests
{
    private static readonly Manifest s_manifest = ManifestReader.Read(ShippedManifest.Path);

    [Fact]
    public void The_five_published_models_stand_first_each_with_its_column()
    {
        Assert.Equal(
            ManifestReader.PublishedColumns,
            s_manifest.Models.Take(5).Select(model => model.Name)
        );
        Assert.All(s_manifest.Models.Take(5), model => Assert.Equal(model.Name, model.Published));
        Assert.All(s_manifest.Models, model => Assert.NotNull(model.Licence));
    }

    /// <summary>Every file whose hash was known when the manifest was written.</summary>
    public static TheoryData<string, string, int, string, long?, string> KnownFiles =>
        new()
        {
            {
                "gemma2-2b",
                "Q3_K_M",
                0,
                "gemma-2-2b-it.q3_k_m.gguf",
                1_461_667_392,
                "939a1627c931b838376191c3e33be23f26ac01bc285b20f2e26ce9dc8cdbfe95"
            },
            {
                "gemma2-2b-bartowski",
                "Q4_K_M",
                0,
                "gemma-2-2b-it-Q4_K_M.gguf",
                1_708_582_752,
                "e0aee85060f168f0f2d8473d7ea41ce2f3230c1bc1374847505ea599288a7787"
            },
            {
                "gemma2-2b-bartowski",
                "Q8_0",
                0,
                "gemma-2-2b-it-Q8_0.gguf",
                null,
                "2d448a9aab894b8e8e18168cf3f490cb9f65632222f29f93514ac9ecc754debe"
            },
            {
                "gemma3-27b",
                "Q4_K_M",
                0,
                "gemma-3-27b-it-Q4_K_M.gguf",
                16_546_404_736,
                "edc9aff4d811a285b9157618130b08688b0768d94ee5355b02dc0cb713012e15"
            },
            {
                "gpt-oss-120b",
                "MXFP4_MOE",
                0,
                "gpt-oss-120b-mxfp4-00001-of-00003.gguf",
                12_980_384,
                "e2865eb6c1df7b2ffbebf305cd5d9074d5ccc0fe3b862f98d343a46dad1606f9"
            },
            {
                "gpt-oss-120b",
                "MXFP4_MOE",
                1,
                "gpt-oss-120b-mxfp4-00002-of-00003.gguf",
                31_738_487_200,
                "346492f65891fb27cac5c74a8c07626cbfeb4211cd391ec4de37dbbe3109a93b"
            },
            {
                "gpt-oss-120b",
                "MXFP4_MOE",
                2,
                "gpt-oss-120b-mxfp4-00003-of-00003.gguf",
                31_635_878_880,
                "66dca81040933f5a49177e82c479c51319cefb83bd22dad9f06dad45e25f1463"
            },
            {
                "qwen3-4b",
                "Q4_K_M",
                0,
                "Qwen3-4B-Q4_K_M.gguf",
                2_497_280_256,
                "7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5"
            },
            {
                "qwen3-4b",
                "Q5_0",
                0,
                "Qwen3-4B-Q5_0.gguf",
                2_823_710_976,
                "7f99c1aeefbcf991f04f67104e3d6f7b899e95170359ce081b0618d4f11878f5"
            },
            {
                "qwen3-4b",
                "Q5_K_M",
                0,
                "Qwen3-4B-Q5_K_M.gguf",
                2_889_513_184,
                "aca596860e8cb40af6539e3f2ea40df305f42515deac56d49c08d39a02e6533f"
            },
            {
                "qwen3-4b",
                "Q6_K",
                0,
                "Qwen3-4B-Q6_K.gguf",
                3_306_260_704,
                "8a08533841623c2a689763b9318d8e27b3e052ad5b38015d4be4c04fa96f68a3"
            },
            {
                "qwen3-4b",
                "Q8_0",
                0,
                "Qwen3-4B-Q8_0.gguf",
                4_280_404_704,
                "8c2f07f26af9747e41988551106f149b03eb9b5cb6df636027b6bf6278473300"
            },
        };

    [Theory]
    [MemberData(nameof(KnownFiles))]
    public void Known_sizes_and_hashes_are_there(
        string model,
        string quant,
        int part,
        string path,
        long? bytes,
        string sha256
    )
    {
        ManifestEntry entry = Assert.Single(s_manifest.Select([model], [quant]));

        Assert.Equal(
            new ManifestPart
            {
                Path = path,
                Bytes = bytes,
                Sha256 = sha256,
            },
            entry.File.Parts[part]
        );
    }

    [Fact]
    public void No_other_hash_is_claimed()
    {
        int hashes = s_manifest
            .Models.SelectMany(model => model.Files)
            .SelectMany(file => file.Parts)
            .Count(part => part.Sha256 is not null);

        Assert.Equal(KnownFiles.Count, hashes);
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
    public void Ladders_are_whole(string model, string quants)
    {
        Assert.Equal(
            quants.Split(' '),
            s_manifest.Select([model], []).Select(entry => entry.File.Quant)
        );
    }

    [Theory]
    [InlineData("gemma3-270m", "it")]
    [InlineData("gemma3-270m-base", "base")]
    [InlineData("gemma3-1b", "it")]
    [InlineData("gemma3-1b-base", "base")]
    [InlineData("gemma3-4b", "it")]
    [InlineData("gemma3-4b-base", "base")]
    [InlineData("gemma3-12b", "it")]
    [InlineData("gemma3-12b-base", "base")]
    [InlineData("gpt-oss-20b", "post")]
    [InlineData("qwen3-0.6b", "post")]
    [InlineData("qwen3-0.6b-base", "base")]
    [InlineData("llama3.2-1b", "it")]
    [InlineData("llama3.2-1b-base", "base")]
    public void What_fits_consumer_cards_is_there_with_its_twin(string model, string tuning)
    {
        Assert.All(
            s_manifest.Select([model], []),
            entry =>
            {
                Assert.Equal(tuning, entry.Model.Tuning);
                Assert.NotNull(entry.Model.Source);
                Assert.NotNull(entry.File.Repo);
                // No column of the published table is theirs.
                Assert.Null(entry.Model.Published);
            }
        );
    }

    [Fact]
    public void The_three_lines_that_its_comment_gives_as_an_example_work()
    {
        string[] lines = File.ReadAllLines(ShippedManifest.Path);
        int first = Array.FindIndex(
            lines,
            line => line.StartsWith("#   - name: my-model", StringComparison.Ordinal)
        );
        string example = string.Join('\n', lines[first..(first + 3)].Select(line => line[2..]));

        Manifest manifest = Parse($"schema_version: 1\nmodels:\n{example}\n");

        ManifestEntry entry = Assert.Single(manifest.Select([], []));
        Assert.Equal(
            ("my-model", "Q4_K_M", true),
            (entry.Model.Name, entry.File.Quant, entry.File.IsLocal)
        );
        Assert.Equal("~/models/my-model-Q4_K_M.gguf", entry.File.Parts[0].Path);
    }

    [Fact]
    public void The_schema_for_editors_knows_the_same_words_as_the_reader()
    {
        using JsonDocument schema = JsonDocument.Parse(
            File.ReadAllText(ShippedManifest.FromRoot("gguf-manifest.schema.json"))
        );
        JsonElement root = schema.RootElement;
        JsonElement definitions = root.GetProperty("definitions");
        JsonElement model = definitions.GetProperty("model").GetProperty("properties");
        JsonElement file = definitions.GetProperty("file").GetProperty("properties");

        Assert.Equal(ManifestReader.Root.Keys, Keys(root));
        Assert.Equal(ManifestReader.Model.Keys, Keys(definitions.GetProperty("model")));
        Assert.Equal(ManifestReader.Licence.Keys, Keys(definitions.GetProperty("licence")));
        Assert.Equal(ManifestReader.File.Keys, Keys(definitions.GetProperty("file")));
        Assert.Equal(ManifestReader.Part.Keys, Keys(definitions.GetProperty("part")));
        Assert.Equal(ManifestReader.Tunings, Words(model.GetProperty("tuning")));
        Assert.Equal(ManifestReader.PublishedColumns, Words(model.GetProperty("published")));
        Assert.Equal(QuantizationNames.All, Words(file.GetProperty("quant")));
        Assert.Equal(
            Manifest.CurrentSchemaVersion,
            root.GetProperty("properties")
                .GetProperty("schema_version")
                .GetProperty("const")
                .GetInt32()
        );
        Assert.StartsWith(
            "# yaml-language-server: $schema=./gguf-manifest.schema.json",
            File.ReadAllText(ShippedManifest.Path),
            StringComparison.Ordinal
        );
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
        using JsonDocument schema = JsonDocument.Parse(
            File.ReadAllText(ShippedManifest.FromRoot("gguf-manifest.schema.json"))
        );
        JsonElement definitions = schema.RootElement.GetProperty("definitions");
        JsonElement place =
            key == "path"
                ? definitions.GetProperty("hubPath")
                : definitions.GetProperty("file").GetProperty("properties").GetProperty(key);
        string pattern = place.GetProperty("pattern").GetString()!;
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

    private static IEnumerable<string> Keys(JsonElement definition) =>
        definition.GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static IEnumerable<string?> Words(JsonElement definition) =>
        definition.GetProperty("enum").EnumerateArray().Select(word => word.GetString());

    private static Manifest Parse(string yaml) =>
        ManifestReader.Parse(Encoding.UTF8.GetBytes(yaml), "m.yaml");
}
