using EchoRate.Hub.Manifests;

namespace EchoRate.Tests.Hub.Pulling;

/// <summary>The lock file: sorted, complete, and never poorer by another's entries.</summary>
public sealed class LockFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Manifest => _folder.At("models.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Entries_are_added_sorted_and_others_stay()
    {
        await Add(File("b/b", "x.gguf"), File("a/a", "it's # odd.gguf"));
        await Add(File("a/a", "a.gguf"));

        var text = System.IO.File.ReadAllText(_folder.At("models.lock.yaml"));
        Assert.Equal(
            ["'a.gguf'", "'it''s # odd.gguf'", "'x.gguf'"],
            text.Split('\n')
                .Where(line => line.StartsWith("    path: "))
                .Select(line => line["    path: ".Length..])
        );
        var read = LockFile.For(Manifest);
        Assert.Equal(
            File("a/a", "it's # odd.gguf"),
            read.Find(new("a/a", "main", "it's # odd.gguf"))
        );
        Assert.Null(read.Find(new("a/a", "v2", "a.gguf")));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(
                        () => Add(File("a/a", $"{i}.gguf")),
                        TestContext.Current.CancellationToken
                    )
                )
        );

        var read = LockFile.For(Manifest);
        Assert.All(
            Enumerable.Range(0, 8),
            i => Assert.NotNull(read.Find(new("a/a", "main", $"{i}.gguf")))
        );
    }

    [Theory]
    [InlineData("", 1, "holds nothing")]
    [InlineData("schema_version: 2\nfiles:\n- {}\n", 1, "schema_version 2 is unknown")]
    [InlineData(
        "schema_version: 1\nfiles:\n- { repo: a/a, revision: main, path: ../x.gguf }\n",
        3,
        "'path' is '../x.gguf'"
    )]
    public void What_is_wrong_has_a_place(string text, int line, string words)
    {
        _folder.Write("models.lock.yaml", text);

        var problem = Assert.Throws<ManifestException>(() => LockFile.For(Manifest));

        Assert.Contains($".yaml:{line}:", problem.Message);
        Assert.Contains(words, problem.Message);
    }

    private async Task Add(params LockedFile[] files)
    {
        foreach (var file in files)
        {
            await LockFile.AddAsync(
                Manifest,
                file,
                _folder.At("cache"),
                TestContext.Current.CancellationToken
            );
        }
    }

    private static LockedFile File(string repo, string path) =>
        new(new(repo, "main", path), new string('c', 40), 7, new string('d', 64));
}
