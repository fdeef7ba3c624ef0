namespace EchoRate.LLamaSharp.Tests.Contract;

public abstract partial class EngineContract
{
    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void A_vocabulary_alone_is_the_models_own(string model)
    {
        using var session = Load(model);
        using var alone = Engine()
            .LoadVocabulary(TestModels.PathOf(model), withoutSpacePrefix: false);
        var whole = session.Vocabulary;

        Assert.Equal(whole.Size, alone.Size);
        for (var token = 0; token < whole.Size; token++)
        {
            Assert.True(whole.Piece(token).Span.SequenceEqual(alone.Piece(token).Span));
            Assert.Equal(whole.Kind(token), alone.Kind(token));
            Assert.Equal(whole.IsEndOfGeneration(token), alone.IsEndOfGeneration(token));
        }
        var text = " Once upon a time, é 漢字 😀."u8;
        Assert.Equal(whole.Tokenize(text), alone.Tokenize(text));
    }

    [Fact]
    public void A_vocabulary_from_no_file_or_a_broken_one_is_an_error_with_its_path()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("broken.gguf"), "GGUF and then nothing sensible");
        foreach (var path in (string[])[folder.At("none.gguf"), folder.At("broken.gguf")])
        {
            var error = Assert.Throws<EngineException>(() =>
                Engine().LoadVocabulary(path, withoutSpacePrefix: false)
            );
            Assert.Contains(path, error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }
}
