using System.Text;
using EchoRate.Core.Engine;

namespace EchoRate.LLamaSharp.Tests.Loading;

public sealed class MetadataOverrideTests
{
    [Theory]
    [InlineData(true, " Hello")]
    [InlineData(false, "Hello")]
    public void The_space_prefix_can_be_forced(bool addSpacePrefix, string expected)
    {
        using var session = Load("tokenizer.ggml.add_space_prefix", addSpacePrefix);

        var tokens = session.Vocabulary.Tokenize("Hello"u8);

        Assert.Equal(
            expected,
            Encoding.UTF8.GetString([
                .. tokens.SelectMany(token => session.Vocabulary.Piece(token).ToArray()),
            ])
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_the_tokenizer_would_add_is_reported_and_never_done(bool addBos)
    {
        using var session = Load("tokenizer.ggml.add_bos_token", addBos);

        Assert.Equal(addBos, session.Report.AddsBos);
        Assert.DoesNotContain(
            session.Vocabulary.Tokenize("Hello"u8),
            token => session.Vocabulary.Kind(token) == TokenKind.Control
        );
    }

    [Fact]
    public void Keys_that_llama_cpp_cannot_hold_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Load("", true));
        Assert.ThrowsAny<ArgumentException>(() => Load(new string('k', 128), true));
    }

    private static IModelSession Load(string key, bool value) =>
        new LLamaSharpEngine(TestLibrary.Load(), threads: 1).Load(
            TestModels.PathOf("stories260K"),
            new LoadOptions
            {
                Threads = 1,
                MetadataOverrides = new Dictionary<string, bool> { [key] = value },
            }
        );
}
