using System.Text.Unicode;

namespace EchoRate.LLamaSharp.Tests.Contract;

public abstract partial class EngineContract
{
    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Tokenizing_never_adds_or_reads_special_tokens(string model)
    {
        using var session = Load(model);
        var vocabulary = session.Vocabulary;
        var special = Enumerable
            .Range(0, vocabulary.Size)
            .Where(token => vocabulary.Kind(token) is TokenKind.Control or TokenKind.Unknown)
            .ToHashSet();
        string[] texts =
        [
            "<s>Hello",
            "</s>",
            "<bos>Hello<eos>",
            "<|endoftext|> Hello",
            .. special.Take(20).Select(token => Text(vocabulary, token) + "Hello"),
        ];

        foreach (var text in texts)
        {
            var tokens = vocabulary.Tokenize(Encoding.UTF8.GetBytes(text));

            Assert.NotEmpty(tokens);
            Assert.DoesNotContain(tokens, special.Contains);
            GivesBack(vocabulary, tokens, Encoding.UTF8.GetBytes(text));
        }
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Pieces_give_back_their_bytes(string model)
    {
        using var session = Load(model);
        var vocabulary = session.Vocabulary;

        for (var token = 0; token < vocabulary.Size; token++)
        {
            var piece = vocabulary.Piece(token).ToArray();
            switch (vocabulary.Kind(token))
            {
                case TokenKind.Byte:
                    Assert.Single(piece);
                    break;
                case TokenKind.Normal when Utf8.IsValid(piece):
                    GivesBack(vocabulary, vocabulary.Tokenize(piece), piece);
                    break;
                default:
                    break;
            }
        }
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Long_text_and_no_text_are_tokenized(string model)
    {
        using var session = Load(model);
        var text = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat(" Once upon a time, é 漢字 😀.", 500))
        );

        GivesBack(session.Vocabulary, session.Vocabulary.Tokenize(text), text);
        Assert.Empty(session.Vocabulary.Tokenize([]));
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void A_vocabulary_refuses_ids_that_are_not_its_own_and_bytes_that_are_not_text(
        string model
    )
    {
        using var session = Load(model);
        var vocabulary = session.Vocabulary;

        foreach (var token in (int[])[-1, vocabulary.Size, int.MinValue, int.MaxValue])
        {
            Assert.ThrowsAny<ArgumentException>(() => vocabulary.Piece(token));
            Assert.ThrowsAny<ArgumentException>(() => vocabulary.Kind(token));
            Assert.ThrowsAny<ArgumentException>(() => vocabulary.IsEndOfGeneration(token));
        }

        Assert.ThrowsAny<ArgumentException>(() => vocabulary.Tokenize([0x20, 0xff, 0xc3]));
    }

    private static string Text(IVocabulary vocabulary, int token) =>
        Encoding.UTF8.GetString(vocabulary.Piece(token).Span);

    // A tokenizer whose file says so puts one space in front.
    private static void GivesBack(IVocabulary vocabulary, int[] tokens, byte[] text)
    {
        byte[] joined = [.. tokens.SelectMany(token => vocabulary.Piece(token).ToArray())];
        Assert.True(
            joined.AsSpan().SequenceEqual(text)
                || (
                    joined.Length == text.Length + 1
                    && joined[0] == ' '
                    && joined.AsSpan(1).SequenceEqual(text)
                ),
            $"'{Start(text)}' came back as '{Start(joined)}'"
        );
    }

    private static string Start(byte[] utf8) =>
        Encoding.UTF8.GetString(utf8.AsSpan(0, Math.Min(40, utf8.Length)));
}
