using System.Diagnostics;
using System.Text;
using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class BadManifestTests
{
    private const string Head = "schema_version: 1\nmodels:\n";
    private const string Hash = "e0aee85060f168f0f2d8473d7ea41ce2f3230c1bc1374847505ea599288a7787";

    /// <summary>Text of a manifest, then line, column and words of the first problem.</summary>
    public static TheoryData<string, int, int, string> Wrong =>
        new()
        {
            // the text itself
            { "", 1, 1, "the file is empty; needed: schema_version, models" },
            { "  \n\n", 1, 1, "the file is empty; needed: schema_version, models" },
            { "# a\n# b\n", 1, 1, "the file holds only comments; needed: schema_version, models" },
            { "---\n", 1, 1, "the file holds nothing; needed: schema_version, models" },
            {
                "schema_version: 1\nmodels:\n\t- name: a\n",
                3,
                1,
                "a tab in the indentation; YAML is indented with spaces"
            },
            {
                Head + "  - name: a\n \t  family: b\n",
                4,
                2,
                "a tab in the indentation; YAML is indented with spaces"
            },
            {
                "schema_version: 1\nmodels: a\0b\n",
                2,
                10,
                "the character U+0000 may not stand in a manifest"
            },
            {
                "schema_version: 1\u0085models: a\n",
                1,
                18,
                "the character U+0085 may not stand in a manifest"
            },
            {
                "schema_version: 1\n \t\nmodels: []\n",
                2,
                2,
                "a tab in the indentation; YAML is indented with spaces"
            },
            // YAML that is none
            {
                "schema_version: 1: 2\n",
                1,
                18,
                "while scanning a plain scalar value, found invalid mapping"
            },
            {
                "schema_version: [1, 2\nmodels: 3\n",
                1,
                17,
                "this is not YAML; is the '[' of line 1, column 17 closed?"
            },
            {
                Head + "  - {name: a\n",
                4,
                1,
                "while parsing a flow mapping, did not find expected ',' or '}'; is the '{' of line 3, column 5 closed?"
            },
            {
                "models: &m [1]\n",
                1,
                9,
                "anchors (&name) are not used in a manifest; write the value out"
            },
            {
                "models: *m\n",
                1,
                9,
                "aliases (*name) are not used in a manifest; write the value out"
            },
            { "models: !!str 1\n", 1, 9, "tags (!name) are not used in a manifest" },
            {
                "schema_version: 1\n---\nmodels: 2\n",
                2,
                1,
                "a second document begins; a manifest is one"
            },
            {
                new string('[', 20_000),
                1,
                17,
                "nested deeper than 16 levels; a manifest is 7 deep"
            },
            {
                "models: " + string.Concat(Enumerable.Repeat("{a: ", 20_000)),
                1,
                69,
                "nested deeper than 16 levels; a manifest is 7 deep"
            },
            {
                string.Concat(Enumerable.Repeat("- ", 20_000)),
                1,
                33,
                "nested deeper than 16 levels; a manifest is 7 deep"
            },
            { "? : |9\n", 1, 3, "a key must be a word, is keys with values" },
            // keys
            { "- a\n", 1, 1, "the manifest must have keys (schema_version, models), is a list" },
            { "models: []\n", 1, 1, "the manifest needs the key 'schema_version'" },
            { "schema_version: 1\n", 1, 1, "the manifest needs the key 'models'" },
            {
                "schema_version: 2\nthings: 1\n",
                1,
                17,
                "schema_version 2 is unknown; this program reads 1"
            },
            {
                "schema_version: one\nmodels: [x]\n",
                1,
                17,
                "'schema_version' must be a positive whole number (digits only), is the text 'one'"
            },
            {
                "schema_version: 1\nmodel:\n  - name: a\n",
                1,
                1,
                "the manifest needs the key 'models'"
            },
            {
                Model("    licens: x\n"),
                4,
                5,
                "unknown key 'licens' (did you mean 'licence'?); allowed in a model: name, family, tuning, source, licence, published, files"
            },
            {
                Model("    famly: x\n"),
                4,
                5,
                "unknown key 'famly' (did you mean 'family'?); allowed in a model: name, family, tuning, source, licence, published, files"
            },
            {
                Model("    colour: x\n"),
                4,
                5,
                "unknown key 'colour'; allowed in a model: name, family, tuning, source, licence, published, files"
            },
            {
                Model("    \"a\\nb\": x\n"),
                4,
                5,
                @"unknown key 'a\u000Ab'; allowed in a model: name, family, tuning, source, licence, published, files"
            },
            {
                Model("    [a]: x\n"),
                4,
                5,
                "a key must be a word, is a list; allowed in a model: name, family, tuning, source, licence, published, files"
            },
            {
                Model("    family: a\n    family: b\n"),
                5,
                5,
                "the key 'family' stands twice in a model (first on line 4)"
            },
            {
                Model("    family:\n"),
                4,
                5,
                "'family' has no value; write one or leave the key out"
            },
            // models
            {
                "schema_version: 1\nmodels: []\n",
                2,
                9,
                "'models' is an empty list; it needs at least one entry"
            },
            {
                "schema_version: 1\nmodels: 3\n",
                2,
                9,
                "'models' must be a list (lines that begin with '- '), is the text '3'"
            },
            {
                "schema_version: 1\nmodels:\n  name: a\n",
                3,
                3,
                "'models' must be a list (lines that begin with '- '), is keys with values"
            },
            {
                Head + "  - a\n",
                3,
                5,
                "a model must have keys (name, family, tuning, source, licence, published, files), is the text 'a'"
            },
            { Head + "  - files: [{quant: F16, path: a}]\n", 3, 5, "a model needs the key 'name'" },
            { Head + "  - name: a\n", 3, 5, "a model needs the key 'files'" },
            {
                Head + "  - name: [a]\n    files: [{quant: F16, path: a}]\n",
                3,
                11,
                "'name' must be text, is a list"
            },
            {
                Head + "  - name: a b\n    files: [{quant: F16, path: a}]\n",
                3,
                11,
                "'name' is 'a b'; allowed: letters, digits and . _ + - (first a letter or digit, at most 100)"
            },
            {
                Head + "  - name: ' '\n    files: [{quant: F16, path: a}]\n",
                3,
                11,
                "'name' is blank"
            },
            {
                Head
                    + "  - {name: a, files: [{quant: F16, path: a}]}\n  - {name: A, files: [{quant: F16, path: a}]}\n",
                4,
                12,
                "a model named 'A' already begins on line 3"
            },
            {
                Model("    tuning: its\n"),
                4,
                13,
                "'tuning' is 'its' (did you mean 'it'?); allowed: base, it, post"
            },
            {
                Model("    published: gema-7b\n"),
                4,
                16,
                "'published' is 'gema-7b' (did you mean 'gemma-7b'?); allowed: gemma-7b, gemma2-2b, gemma3-27b, gpt-oss-120b, qwen3-4b"
            },
            {
                Model("    source: \"a\\tb\"\n"),
                4,
                13,
                @"'source' holds a line break or another control character: 'a\u0009b'"
            },
            {
                Model("    licence: MIT\n"),
                4,
                14,
                "a licence must have keys (name, spdx, url, gated), is the text 'MIT'"
            },
            {
                Model("    licence: {name: x, gated: perhaps}\n"),
                4,
                31,
                "'gated' must be true or false, is the text 'perhaps'"
            },
            {
                Model("    licence: {name: x, url: file:///etc}\n"),
                4,
                29,
                "'url' is 'file:///etc'; it must be an http or https address"
            },
            { Model("    licence: {spdx: x}\n"), 4, 14, "a licence needs the key 'name'" },
            // files
            { File("path: a.gguf"), 5, 9, "a file needs the key 'quant'" },
            {
                File("quant: F16"),
                5,
                9,
                "a file needs the key 'path' (a file on this disk, or one of a hub repository beside 'repo')"
            },
            { File("quant: F16, repo: a/b"), 5, 9, "a file needs the key 'path'" },
            {
                File("quant: Q4KM, path: a"),
                5,
                17,
                "'quant' is 'Q4KM' (did you mean 'Q4_K_M'?); llama-quantize's names are allowed: F32, BF16, "
            },
            {
                File("quant: F16, path: a, bytes: 0"),
                5,
                38,
                "'bytes' must be a positive whole number (digits only), is the text '0'"
            },
            {
                File("quant: F16, path: a, bytes: -5"),
                5,
                38,
                "'bytes' must be a positive whole number (digits only), is the text '-5'"
            },
            {
                File("quant: F16, path: a, bytes: 1.5e9"),
                5,
                38,
                "'bytes' must be a positive whole number (digits only), is the text '1.5e9'"
            },
            {
                File("quant: F16, path: a, bytes: '5'"),
                5,
                38,
                "'bytes' must be a positive whole number (digits only), is the quoted text '5'"
            },
            {
                File("quant: F16, path: a, bytes: 9223372036854775808"),
                5,
                38,
                "'bytes' must be a positive whole number (digits only), is the text '9223372036854775808'"
            },
            {
                File("quant: F16, path: a, sha256: abc"),
                5,
                39,
                "'sha256' is 'abc'; it must be 64 hex digits"
            },
            {
                File("quant: F16, path: a, sha256: " + Hash[1..] + "g"),
                5,
                39,
                "'sha256' is '0aee85060f168f0f2d8473d7ea41ce2f3230c1bc1374847505ea599288a7…' (64 characters); it must be 64 hex digits"
            },
            {
                File("quant: F16, path: a, revision: main"),
                5,
                31,
                "'revision' belongs to a file of the hub; add 'repo', or leave it out"
            },
            {
                File("quant: F16, path: a.gguf, repo: gemma"),
                5,
                42,
                "'repo' is 'gemma'; it must be organisation/name, as in google/gemma-2-2b-GGUF"
            },
            {
                File("quant: F16, path: a.gguf, repo: ../x"),
                5,
                42,
                "'repo' is '../x'; it must be organisation/name, as in google/gemma-2-2b-GGUF"
            },
            {
                File("quant: F16, path: a.gguf, repo: a--b/x"),
                5,
                42,
                "'repo' is 'a--b/x'; it must be organisation/name, as in google/gemma-2-2b-GGUF"
            },
            {
                File("quant: F16, path: a.gguf, repo: a/b, revision: ../x"),
                5,
                57,
                "'revision' is '../x'; it must be a commit (40 hex digits), a branch or a tag"
            },
            {
                File("quant: F16, repo: a/b, path: ../a.gguf"),
                5,
                39,
                "'path' is '../a.gguf'; a path in a repository has no empty, '.' or '..' steps"
            },
            {
                File("quant: F16, repo: a/b, path: x/../../a.gguf"),
                5,
                39,
                "'path' is 'x/../../a.gguf'; a path in a repository has no empty, '.' or '..' steps"
            },
            {
                File("quant: F16, repo: a/b, path: /a.gguf"),
                5,
                39,
                "'path' is '/a.gguf'; with 'repo' it is a path in the repository, never an absolute one"
            },
            {
                File("quant: F16, repo: a/b, path: C:/a.gguf"),
                5,
                39,
                "'path' is 'C:/a.gguf'; with 'repo' it is a path in the repository, never an absolute one"
            },
            {
                File("quant: F16, repo: a/b, path: ~/a.gguf"),
                5,
                39,
                "'path' is '~/a.gguf'; with 'repo' it is a path in the repository, never an absolute one"
            },
            {
                File(@"quant: F16, repo: a/b, path: ..\a.gguf"),
                5,
                39,
                @"'path' is '..\a.gguf'; paths in a repository use '/'"
            },
            {
                File("quant: F16, repo: a/b, path: x./a.gguf"),
                5,
                39,
                "'path' is 'x./a.gguf'; its names must be possible on every system"
            },
            {
                File("quant: F16, repo: a/b, path: a.bin"),
                5,
                39,
                "'path' is 'a.bin'; it must end in .gguf"
            },
            {
                Model("") + "      - {quant: Q4_K, path: a}\n      - {quant: q4_k_m, path: b}\n",
                7,
                17,
                "this model already has a Q4_K_M file on line 6"
            },
            // parts
            {
                File("quant: F16, path: m-00001-of-00003.gguf"),
                5,
                28,
                "'m-00001-of-00003.gguf' is one part of 3; list all of them under 'parts' (- path: …)"
            },
            {
                File("quant: F16, parts: []"),
                5,
                29,
                "'parts' is an empty list; it needs at least one entry"
            },
            {
                File("quant: F16, parts: [a]"),
                5,
                30,
                "a part must have keys (path, bytes, sha256), is the text 'a'"
            },
            { File("quant: F16, parts: [{bytes: 1}]"), 5, 30, "a part needs the key 'path'" },
            {
                File("quant: F16, parts: [{path: a, quant: F16}]"),
                5,
                40,
                "unknown key 'quant'; allowed in a part: path, bytes, sha256"
            },
            {
                File("quant: F16, bytes: 5, parts: [{path: m-00001-of-00001.gguf}]"),
                5,
                22,
                "'bytes' belongs to each of the 'parts' here, not beside them"
            },
            {
                Parts("a.gguf"),
                5,
                29,
                "'a.gguf' is not named as a part is (…-00001-of-00003.gguf)"
            },
            {
                Parts("m-00001-of-00002.gguf"),
                5,
                29,
                "1 of 2 parts are listed; part 00002 is missing"
            },
            {
                Parts("m-00003-of-00003.gguf", "m-00001-of-00003.gguf"),
                5,
                29,
                "2 of 3 parts are listed; part 00002 is missing"
            },
            {
                Parts("m-00001-of-00002.gguf", "n-00002-of-00002.gguf"),
                5,
                29,
                "'n-00002-of-00002.gguf' and 'm-00001-of-00002.gguf' are not parts of one file"
            },
            {
                Parts("m-00001-of-00002.gguf", "m-00002-of-00003.gguf"),
                5,
                29,
                "'m-00002-of-00003.gguf' and 'm-00001-of-00002.gguf' are not parts of one file"
            },
            {
                Parts("m-00001-of-00002.gguf", "x/m-00002-of-00002.gguf"),
                5,
                29,
                "'x/m-00002-of-00002.gguf' and 'm-00001-of-00002.gguf' are not parts of one file"
            },
            {
                Parts("m-00001-of-00002.gguf", "m-00001-of-00002.gguf"),
                5,
                29,
                "'m-00001-of-00002.gguf' stands twice"
            },
            {
                Parts("m-00000-of-00002.gguf", "m-00001-of-00002.gguf"),
                5,
                29,
                "'m-00000-of-00002.gguf': there is no part 0 of 2"
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_manifest_is_refused_with_its_place(
        string yaml,
        int line,
        int column,
        string text
    )
    {
        ManifestException problem = Refuse(Encoding.UTF8.GetBytes(yaml));

        Assert.Equal((line, column), (problem.Problems[0].Line, problem.Problems[0].Column));
        Assert.StartsWith(text, problem.Problems[0].Text, StringComparison.Ordinal);
        Assert.StartsWith(
            $"m.yaml:{line}:{column}: {text}",
            problem.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(problem.Message, char.IsControl);
    }

    [Fact]
    public void All_problems_are_listed_in_the_order_of_the_file_and_counted_in_the_message()
    {
        string yaml =
            Head + "  - name: a b\n    famly: x\n    files:\n      - {quant: F17, path: a}\n";

        ManifestException problem = Refuse(Encoding.UTF8.GetBytes(yaml));

        Assert.Equal(
            [(3, 11), (4, 5), (6, 17)],
            problem.Problems.Select(each => (each.Line, each.Column))
        );
        Assert.EndsWith(" (and 2 more)", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused_at_their_place()
    {
        byte[] latin1 = [.. "schema_version: 1\n# caf"u8, 0xE9, .. "\nmodels: []\n"u8];

        ManifestException problem = Refuse(latin1);

        Assert.Equal(
            "m.yaml:2:6: the byte 0xe9 is not UTF-8; save the file as UTF-8",
            problem.Message
        );
    }

    [Fact]
    public void Other_kinds_of_file_are_named_for_what_they_are()
    {
        Assert.Equal(
            "m.yaml: is a GGUF file, not a manifest; --file takes it",
            Refuse([.. "GGUF"u8, 3, 0, 0, 0]).Message
        );
        Assert.Equal(
            "m.yaml:1:1: is UTF-16; save it as UTF-8",
            Refuse([0xFF, 0xFE, .. "a\0"u8]).Message
        );
        Assert.Equal(
            "m.yaml: is larger than 256 KiB, the most that a manifest may be",
            Refuse(new byte[256 * 1024 + 1]).Message
        );
    }

    [Fact]
    public void Files_that_cannot_be_opened_are_named()
    {
        using TemporaryFolder folder = new();
        string missing = folder.Of("missing.yaml");

        Assert.Equal($"{missing}: no such file", ReadFails(missing));
        Assert.Equal(
            $"{folder.Of("no/such/m.yaml")}: no such file",
            ReadFails(folder.Of("no/such/m.yaml"))
        );
        Assert.Equal($"{folder.Path}: is a folder, not a manifest file", ReadFails(folder.Path));
    }

    [Fact]
    public void A_file_without_permission_is_named()
    {
        Assert.SkipWhen(Environment.UserName == "root", "nothing is forbidden to root");
        using TemporaryFolder folder = new();
        string path = folder.Write("m.yaml", "schema_version: 1");
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
        }
        else
        {
            System.IO.File.SetUnixFileMode(path, UnixFileMode.None);
        }

        Assert.Equal($"{path}: cannot be read: permission denied", ReadFails(path));
    }

    /// <summary>Texts of about 250 KB that would be slow for a reader that is quadratic somewhere.</summary>
    public static TheoryData<string, string> Large =>
        new()
        {
            { "brackets", new string('[', 250_000) },
            {
                "unknown keys",
                string.Concat(Enumerable.Range(0, 18_000).Select(i => $"key{i}: 1\n"))
            },
            { "the same key", string.Concat(Enumerable.Repeat("models: 1\n", 25_000)) },
            {
                "models without anything",
                Head + string.Concat(Enumerable.Repeat(" - {}\n", 36_000))
            },
            {
                "parts",
                Head
                    + "  - name: a\n    files:\n      - quant: F16\n        parts:\n"
                    + string.Concat(
                        Enumerable
                            .Range(1, 6_000)
                            .Select(i => $" - path: m-{i:00000}-of-40000.gguf\n")
                            .Select(line => "       " + line)
                    )
            },
            { "one long text", "models: '" + new string('x', 250_000) },
            { "one long key", new string('k', 250_000) + ": 1" },
        };

    [Theory]
    [MemberData(nameof(Large))]
    public void A_large_wrong_manifest_is_refused_quickly(string what, string yaml)
    {
        byte[] content = Encoding.UTF8.GetBytes(yaml);
        Stopwatch watch = Stopwatch.StartNew();

        ManifestException problem = Refuse(content);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{what}: {watch.Elapsed}");
        Assert.InRange(problem.Message.Length, 1, 1000);
    }

    private static string Model(string lines) =>
        Head + "  - name: a\n" + lines + "    files:\n      - {quant: F16, path: a.gguf}\n";

    private static string File(string keys) =>
        Head + "  - name: a\n    files:\n      - {" + keys + "}\n";

    private static string Parts(params string[] paths) =>
        File(
            "quant: F16, parts: ["
                + string.Join(", ", paths.Select(path => $"{{path: {path}}}"))
                + "]"
        );

    private static ManifestException Refuse(byte[] content) =>
        Assert.Throws<ManifestException>(() => ManifestReader.Parse(content, "m.yaml"));

    private static string ReadFails(string path) =>
        Assert.Throws<ManifestException>(() => ManifestReader.Read(path)).Message;
}
