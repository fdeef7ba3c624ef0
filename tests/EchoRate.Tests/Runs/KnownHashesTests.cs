using System.Security.Cryptography;
using EchoRate.Core.Files;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Provenance;

namespace EchoRate.Tests.Runs;

/// <summary>A file that has not changed is not read again, and one that has is.</summary>
public sealed class KnownHashesTests : IDisposable
{
    private static readonly DateTime s_longAgo = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();

    private string Memory => _folder.At("memory.json");

    [Fact]
    public void A_file_that_has_not_changed_is_recalled_by_another_process_too()
    {
        var path = Model("m.gguf", [1, 2, 3], s_longAgo);
        var hash = new KnownHashes(Memory).HashOf(path, CancellationToken.None);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([1, 2, 3])), hash);
        // Another content of the same size and time is the only change that cannot be seen: that it is not seen shows that nothing was read.
        Model("m.gguf", [4, 5, 6], s_longAgo);
        Assert.Equal(hash, new KnownHashes(Memory).HashOf(path, CancellationToken.None));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 4 }, 0)]
    [InlineData(new byte[] { 4, 5, 6 }, 1)]
    public void A_file_of_another_size_or_time_is_read_again(byte[] content, int secondsLater)
    {
        var path = Model("m.gguf", [1, 2, 3], s_longAgo);
        var memory = new KnownHashes(Memory);
        memory.HashOf(path, CancellationToken.None);
        Model("m.gguf", content, s_longAgo.AddSeconds(secondsLater));

        Assert.Null(memory.Sha256Of(path));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(content)),
            memory.HashOf(path, CancellationToken.None)
        );
    }

    [Fact]
    public void A_file_that_was_written_just_now_is_not_remembered()
    {
        var path = Model("m.gguf", [1], DateTime.UtcNow);
        var memory = new KnownHashes(Memory);

        memory.HashOf(path, CancellationToken.None);

        Assert.Null(memory.Sha256Of(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("{\"a\": 3}")]
    public void A_memory_that_makes_no_sense_is_none(string content)
    {
        File.WriteAllText(Memory, content);
        var path = Model("m.gguf", [1, 2], s_longAgo);
        var memory = new KnownHashes(Memory);

        var hash = memory.HashOf(path, CancellationToken.None);

        Assert.Equal(hash, memory.Sha256Of(path));
    }

    [Fact]
    public void A_memory_that_cannot_be_written_does_no_harm()
    {
        Directory.CreateDirectory(Memory);
        var path = Model("m.gguf", [1, 2], s_longAgo);
        var memory = new KnownHashes(Memory);

        Assert.Equal(64, memory.HashOf(path, CancellationToken.None).Length);
        Assert.Null(memory.Sha256Of(path));
        Assert.DoesNotContain(_folder.Names, name => name.EndsWith(".partial"));
    }

    [Fact]
    public void A_link_stands_for_what_it_leads_to()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links take a privilege there");
        var target = Model("blob", [1, 2, 3], s_longAgo);
        File.CreateSymbolicLink(_folder.At("link"), target);
        var memory = new KnownHashes(Memory);
        var hash = memory.HashOf(_folder.At("link"), CancellationToken.None);

        Assert.Equal(hash, memory.Sha256Of(_folder.At("link")));
        Model("blob", [7, 7], s_longAgo);
        Assert.Null(memory.Sha256Of(_folder.At("link")));
    }

    [Fact]
    public void The_next_file_is_read_ahead_and_its_answer_is_the_same()
    {
        var jobs = new[] { "a", "b", "gone", "c" }
            .Select(name => new FileJob
            {
                Facts = new ModelFacts { Model = name },
                Parts = [new ModelPart(_folder.At(name))],
            })
            .ToList();
        Model("a", [1], s_longAgo);
        Model("b", [2], s_longAgo);
        Model("c", [3], s_longAgo);
        jobs[3] = jobs[3] with { Parts = [new ModelPart(_folder.At("c"), new string('0', 64))] };
        var hashes = new ModelHashes(jobs, new KnownHashes(null));

        var read = jobs.ConvertAll(job => hashes.Of(job, CancellationToken.None));

        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData([1])), ""), read[0]);
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData([2])), ""), read[1]);
        Assert.Null(read[2].Sha256 ?? read[3].Sha256);
        Assert.StartsWith($"{_folder.At("gone")}: cannot be read: ", read[2].Wrong);
        Assert.Contains("the manifest says 0000", read[3].Wrong);
    }

    public void Dispose() => _folder.Dispose();

    private string Model(string name, byte[] content, DateTime modified)
    {
        var path = _folder.Write(name, content);
        File.SetLastWriteTimeUtc(path, modified);
        return path;
    }
}
