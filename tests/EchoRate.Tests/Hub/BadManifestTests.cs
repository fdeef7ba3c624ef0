using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub;

public class BadManifestTests
{
    private const string Head = "schema_version: 1\nmodels:\n";

    // Line and column of the problem, how its words begin, and the manifest: as it is, below `models:` (head), as keys of a model (model),
    // as keys of its file (file), or as the file's parts (parts).
    private const string Cases = """
        1:1 the file holds nothing; needed: schema_version, models <=
        1:1 the file holds nothing; needed: schema_version, models <= # a␤# b␤
        1:1 the file holds nothing; needed: schema_version, models <= ---␤
        3:1 a tab in the indentation; YAML is indented with spaces <= head: ␉- name: a
        4:2 a tab in the indentation; YAML is indented with spaces <= head: ␠␠- name: a␤␠␉  family: b
        2:2 a tab in the indentation; YAML is indented with spaces <= schema_version: 1␤␠␉␤models: []
        2:10 the character U+0000 may not stand in a manifest <= schema_version: 1␤models: a␀b
        1:18 the character U+0085 may not stand in a manifest <= schema_version: 1␅models: a
        1:18 while scanning a plain scalar value, found invalid mapping <= schema_version: 1: 2
        1:19 this is not YAML; is every bracket before this place closed? <= schema_version: [1, 2␤models: 3␤
        4:1 while parsing a flow mapping, did not find expected ',' or '}' <= head: ␠␠- {name: a
        1:9 anchors (&name) are not used in a manifest; write the value out <= models: &m [1]
        1:9 aliases (*name) are not used in a manifest; write the value out <= models: *m
        1:9 tags (!name) are not used in a manifest <= models: !!str 1
        2:1 a second document begins; a manifest is one <= schema_version: 1␤---␤models: 2
        2:1 this is not YAML; is every bracket before this place closed? <= ? : |9␤
        1:1 the manifest must have keys (schema_version, models), is a list <= - a
        1:1 the manifest needs the key 'schema_version' <= models: []
        1:1 the manifest needs the key 'models' <= schema_version: 1
        2:1 unknown key 'model'; allowed in the manifest: schema_version, models <= schema_version: 1␤model:␤  - name: a
        1:17 schema_version 2 is unknown; this program reads 1 <= schema_version: 2␤things: 1
        1:17 'schema_version' is 'one'; it must be a positive whole number (digits only) <= schema_version: one␤models: [x]
        4:5 unknown key 'licens'; allowed in a model: name, family, tuning, <= model: licens: x
        4:5 unknown key 'famly'; allowed in a model: name, family, <= model: famly: x
        4:5 unknown key 'colour'; allowed in a model: name, <= model: colour: x
        4:5 unknown key 'a\nb'; allowed in a model: name, <= model: "a\nb": x
        4:5 unknown key '[ a ]'; allowed in a model: name, <= model: [a]: x
        5:5 duplicate key family <= model: family: a␤    family: b
        4:5 'family' has no value; write one or leave the key out <= model: family:
        2:9 'models' is an empty list; it needs at least one entry <= schema_version: 1␤models: []
        2:9 'models' must be a list (lines that begin with '- '), is the text '3' <= schema_version: 1␤models: 3
        3:3 'models' must be a list (lines that begin with '- '), is keys with values <= head: ␠␠name: a
        3:5 a model must have keys (name, family, tuning, source, shows, licence, published, files), is the text 'a' <= head: ␠␠- a
        3:5 a model needs the key 'name' <= head: ␠␠- files: [{quant: F16, path: a}]
        3:5 a model needs the key 'files' <= head: ␠␠- name: a
        3:11 'name' must be text, is a list <= head: ␠␠- name: [a]␤    files: [{quant: F16, path: a}]
        3:11 'name' is 'a b'; allowed: letters, digits and . _ + - (first a letter <= head: ␠␠- name: a b␤    files: [{quant: F16, path: a}]
        3:11 'name' is blank <= head: ␠␠- name: ' '␤    files: [{quant: F16, path: a}]
        4:12 a model named 'A' already begins on line 3 <= head: ␠␠- {name: a, files: [{quant: F16, path: a}]}␤  - {name: A, files: [{quant: F16, path: a}]}
        4:13 'tuning' is 'its'; allowed: base, it, post <= model: tuning: its
        4:16 'published' is 'gema-7b'; allowed: gemma-7b, gemma2-2b, <= model: published: gema-7b
        4:13 'source' holds a line break or another control character: 'a\tb' <= model: source: "a\tb"
        4:14 a licence must have keys (name, spdx, url, gated), is the text 'MIT' <= model: licence: MIT
        4:31 'gated' is 'perhaps'; it must be true or false <= model: licence: {name: x, gated: perhaps}
        4:29 'url' is 'file:///etc'; it must be an http or https address <= model: licence: {name: x, url: file:///etc}
        4:14 a licence needs the key 'name' <= model: licence: {spdx: x}
        5:9 a file needs the key 'quant' <= file: path: a.gguf
        5:9 a file needs the key 'path' (a file on this disk, or one of a hub repository beside 'repo') <= file: quant: F16
        5:9 a file needs the key 'path' <= file: quant: F16, repo: a/b
        5:17 'quant' is 'Q4KM'; llama-quantize's names are allowed: F32, BF16, <= file: quant: Q4KM, path: a
        6:17 this model already has a Q4_K_M file on line 5 <= head: ␠␠- name: a␤    files:␤      - {quant: Q4_K, path: a}␤      - {quant: q4_k_m, path: b}
        5:38 'bytes' is '0'; it must be a positive whole number (digits only) <= file: quant: F16, path: a, bytes: 0
        5:38 'bytes' is '-5'; it must be a positive whole number (digits only) <= file: quant: F16, path: a, bytes: -5
        5:38 'bytes' must be text, is a list <= file: quant: F16, path: a, bytes: [5]
        5:38 'bytes' is '9223372036854775808'; it must be a positive whole number (digits only) <= file: quant: F16, path: a, bytes: 9223372036854775808
        5:39 'sha256' is 'abc'; it must be 64 hex digits <= file: quant: F16, path: a, sha256: abc
        5:31 'revision' belongs to a file of the hub; add 'repo', or leave it out <= file: quant: F16, path: a, revision: main
        5:42 'repo' is 'gemma'; it must be organisation/name, as in google/gemma-2-2b-GGUF <= file: quant: F16, path: a.gguf, repo: gemma
        5:42 'repo' is '../x'; it must be organisation/name <= file: quant: F16, path: a.gguf, repo: ../x
        5:42 'repo' is 'a--b/x'; it must be organisation/name <= file: quant: F16, path: a.gguf, repo: a--b/x
        5:57 'revision' is '../x'; it must be a commit (40 hex digits), a branch or a tag <= file: quant: F16, path: a.gguf, repo: a/b, revision: ../x
        5:39 'path' is '../a.gguf'; a path in a repository has no empty, '.' or '..' steps <= file: quant: F16, repo: a/b, path: ../a.gguf
        5:39 'path' is 'x/../../a.gguf'; a path in a repository has no empty, '.' or '..' <= file: quant: F16, repo: a/b, path: x/../../a.gguf
        5:39 'path' is '/a.gguf'; with 'repo' it is a path in the repository, never an absolute one <= file: quant: F16, repo: a/b, path: /a.gguf
        5:39 'path' is 'C:/a.gguf'; with 'repo' it is a path in the repository, never an <= file: quant: F16, repo: a/b, path: C:/a.gguf
        5:39 'path' is '~/a.gguf'; with 'repo' it is a path in the repository, never an <= file: quant: F16, repo: a/b, path: ~/a.gguf
        5:39 'path' is '..\a.gguf'; paths in a repository use '/' <= file: quant: F16, repo: a/b, path: ..\a.gguf
        5:39 'path' is 'x./a.gguf'; its names must be possible on every system <= file: quant: F16, repo: a/b, path: x./a.gguf
        5:39 'path' is 'a.bin'; it must end in .gguf <= file: quant: F16, repo: a/b, path: a.bin
        5:28 'm-00001-of-00003.gguf' is one part of 3; list all of them under 'parts' (- path: …) <= file: quant: F16, path: m-00001-of-00003.gguf
        5:29 'parts' is an empty list; it needs at least one entry <= file: quant: F16, parts: []
        5:30 a part must have keys (path, bytes, sha256), is the text 'a' <= file: quant: F16, parts: [a]
        5:30 a part needs the key 'path' <= file: quant: F16, parts: [{bytes: 1}]
        5:40 unknown key 'quant'; allowed in a part: path, bytes, sha256 <= file: quant: F16, parts: [{path: a, quant: F16}]
        5:22 'bytes' belongs to each of the 'parts' here, not beside them <= file: quant: F16, bytes: 5, parts: [{path: m-00001-of-00001.gguf}]
        5:29 'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these 1 are listed: 'a.gguf' <= parts: a.gguf
        5:29 'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these 1 are listed: 'm <= parts: m-00001-of-00002.gguf
        5:29 'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these 2 are listed: 'm <= parts: m-00001-of-00002.gguf n-00002-of-00002.gguf
        5:29 'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these 2 are listed: ' <= parts: m-00001-of-00002.gguf x/m-00002-of-00002.gguf
        5:29 'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these 2 are listed: 'm <= parts: m-00001-of-00002.gguf m-00001-of-00002.gguf
        5:29 'parts' must be all parts of one file, each once, named as in m-00001-of-00003.gguf; these 2 are listed: 'm <= parts: m-00000-of-00002.gguf m-00001-of-00002.gguf
        """;

    public static TheoryData<string> Wrong => [.. Cases.Split('\n')];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_manifest_is_refused_with_its_place(string row)
    {
        var (problem, yaml) = row.Split(" <=") is [var left, var right]
            ? (left, Manifest(right.TrimStart()))
            : throw new ArgumentException(row);

        var refused = Refuse(Encoding.UTF8.GetBytes(yaml));

        var (place, text) = problem.Split(' ', 2) is [var first, var rest]
            ? (first, rest)
            : ("", "");
        Assert.StartsWith($"m.yaml:{place}: {text}", refused.Message);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Fact]
    public void Other_kinds_of_file_are_named_for_what_they_are()
    {
        Assert.Equal(
            "m.yaml: is a GGUF file, not a manifest; --file takes it",
            Refuse([.. "GGUF"u8, 3, 0, 0, 0]).Message
        );
        Assert.Equal(
            "m.yaml: is larger than 256 KiB, the most that a manifest may be",
            Refuse(new byte[256 * 1024 + 1]).Message
        );
        Assert.Equal(
            "m.yaml:2:6: the byte 0xe9 is not UTF-8; save the file as UTF-8",
            Refuse([.. "schema_version: 1\n# caf"u8, 0xE9, .. "\nmodels: []\n"u8]).Message
        );
    }

    /// <summary>Texts of about 250 KB that would be slow, or deep, for a reader that is careless somewhere.</summary>
    public static TheoryData<string, string> Large =>
        new()
        {
            { "brackets", new string('[', 250_000) },
            { "braces", "models: " + Repeated(60_000, _ => "{a: ") },
            { "dashes", Repeated(100_000, _ => "- ") },
            { "unknown keys", Repeated(18_000, i => $"key{i}: 1\n") },
            { "the same key", Repeated(25_000, _ => "models: 1\n") },
            { "models without anything", Head + Repeated(36_000, _ => " - {}\n") },
            {
                "parts",
                Head
                    + "  - name: a\n    files:\n      - quant: F16\n        parts:\n"
                    + Repeated(6_000, i => $"        - path: m-{i + 1:00000}-of-40000.gguf\n")
            },
            { "one long text", "models: '" + new string('x', 250_000) },
            { "one long key", new string('k', 250_000) + ": 1" },
        };

    [Theory]
    [MemberData(nameof(Large))]
    public void A_large_wrong_manifest_is_refused_quickly(string what, string yaml)
    {
        var watch = Stopwatch.StartNew();

        var problem = Refuse(Encoding.UTF8.GetBytes(yaml));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{what}: {watch.Elapsed}");
        Assert.InRange(problem.Message.Length, 1, 1000);
        if (what is "brackets" or "braces" or "dashes")
        {
            const string Deep = "nested deeper than 16 levels; a manifest is 7 deep";
            Assert.EndsWith(": " + Deep, problem.Message);
        }
    }

    private static string Repeated(int count, Func<int, string> piece) =>
        string.Concat(Enumerable.Range(0, count).Select(piece));

    private static string Manifest(string words)
    {
        var text = words
            .Replace('␤', '\n')
            .Replace('␉', '\t')
            .Replace('␠', ' ')
            .Replace('␀', '\0')
            .Replace('␅', '\u0085');
        var kind = text.Split(": ", 2) is [var word, var rest] ? (word, rest) : ("", text);
        return kind switch
        {
            ("head", var lines) => Head + lines + "\n",
            ("model", var lines) => Head
                + $"  - name: a\n    {lines}\n    files:\n      - {{quant: F16, path: a.gguf}}\n",
            ("file", var keys) => File(keys),
            ("parts", var paths) => File(
                "quant: F16, parts: ["
                    + string.Join(", ", paths.Split(' ').Select(path => $"{{path: {path}}}"))
                    + "]"
            ),
            _ => text,
        };

        static string File(string keys) =>
            Head + "  - name: a\n    files:\n      - {" + keys + "}\n";
    }

    private static ManifestException Refuse(byte[] content) =>
        Assert.Throws<ManifestException>(() => ManifestReader.Parse(content, "m.yaml"));
}
