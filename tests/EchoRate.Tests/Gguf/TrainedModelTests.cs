using EchoRate.Core.Models;
using EchoRate.Gguf;

namespace EchoRate.Tests.Gguf;

/// <summary>The one real model at hand: stories260K, which lies in a folder beside the repository, where there is one.</summary>
public sealed class TrainedModelTests
{
    [Fact]
    public void A_trained_model_is_described_rightly()
    {
        var path = Find("stories260K-f32.gguf");
        Assert.True(
            GgufFile.TryRead(path, out var file, out var problems),
            string.Join('\n', problems)
        );
        var facts = ModelFacts.From(file);
        Assert.Equal(
            ("llama", "stories260K", "F32"),
            (facts.Architecture, facts.Model, facts.Quantization)
        );
        Assert.Equal(((int?)512, "SPM"), (facts.VocabularySize, facts.Tokenizer));
        Assert.Equal(
            ((int?)1, (int?)2, (BosKind?)BosKind.Native),
            (facts.BosToken, facts.EosToken, facts.BosKind)
        );
        Assert.Equal(new FileInfo(path).Length, facts.FileBytes);
        Assert.Equal(32.0, facts.BitsPerWeight);
        Assert.InRange(facts.Parameters!.Value, 250_000, 300_000);
    }

    [Fact]
    public void A_trained_model_is_written_back_byte_by_byte()
    {
        var path = Find("stories260K-f32.gguf");
        Assert.Equal(File.ReadAllBytes(path), GgufWriter.CopyOf(GgufFile.Read(path)).Bytes());
    }

    private static string Find(string name)
    {
        var folders = new List<string>();
        if (Environment.GetEnvironmentVariable("ECHORATE_TEST_MODELS") is { Length: > 0 } named)
        {
            folders.Add(named);
        }
        for (var up = new DirectoryInfo(AppContext.BaseDirectory); up is not null; up = up.Parent)
        {
            folders.Add(Path.Combine(up.FullName, "shared", "models"));
        }
        var found = folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(
            found is null,
            $"no {name} in ECHORATE_TEST_MODELS or in a shared/models folder above the tests"
        );
        return found!;
    }
}
