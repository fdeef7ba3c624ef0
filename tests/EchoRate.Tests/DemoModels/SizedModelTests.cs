using EchoRate.Gguf;
using EchoRate.Testing;
using EchoRate.Tests.Hub;

namespace EchoRate.Tests.DemoModels;

public sealed class SizedModelTests
{
    [Fact]
    public void A_sized_model_is_a_sound_file_of_the_size_that_it_says()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("sized.gguf");
        var model = SizedModels.Wide with { VocabularySize = 2_000, Layers = 2 };

        model.Write(path);
        var facts = GgufModelFacts.From(GgufFile.Read(path));

        Assert.Equal("gemma2", facts.Architecture);
        Assert.Equal(2_000, facts.VocabSize);
        // Embedding; two layers of 4 × 256² and 3 × 256 × 1024 weights and four norms; the last norm.
        Assert.Equal(
            2_000 * 256 + 2 * (4 * 256 * 256 + 3 * 256 * 1024 + 4 * 256) + 256,
            facts.ParameterCount
        );
        var first = File.ReadAllBytes(path);
        model.Write(path);
        Assert.Equal(first, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(150_000)]
    public void Its_vocabulary_has_the_published_words_and_no_entry_twice(int size)
    {
        var vocabulary = SizedVocabulary.Of(size);

        Assert.Equal(size, vocabulary.Tokens.Length);
        Assert.Equal(size, vocabulary.Tokens.Select(token => token.Piece).Distinct().Count());
        Assert.True(vocabulary.Has(" James"));
        Assert.True(vocabulary.Has(" teacher"));
    }
}
