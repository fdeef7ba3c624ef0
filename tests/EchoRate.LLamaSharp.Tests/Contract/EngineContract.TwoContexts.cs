namespace EchoRate.LLamaSharp.Tests.Contract;

public abstract partial class EngineContract
{
    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void A_second_context_gives_the_same_bits(string model)
    {
        using var session = Load(model, Small with { Contexts = 2 });
        var second = session.Second!;
        var tokens = OrdinaryTokens(session.Vocabulary, session.SequenceCount);

        var one = Together(session, tokens);
        var other = Together(second, tokens);

        Assert.Equal(one, other);
        Assert.Equal(2, session.Report.Contexts);
        Assert.Equal(
            (session.SequenceCount, session.BatchSize, session.CacheSize),
            (second.SequenceCount, second.BatchSize, second.CacheSize)
        );
        Assert.Null(second.Second);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Two_contexts_know_nothing_of_each_other(string model)
    {
        using var session = Load(model, Small with { Contexts = 2 });
        var second = session.Second!;
        var tokens = OrdinaryTokens(session.Vocabulary, 3);
        var expected = Alone(session, tokens[0], tokens[1]);

        session.Clear();
        session.Decode([new BatchToken(tokens[0], 0, 0, false)]);
        Alone(second, tokens[2], tokens[2], tokens[2]);
        session.Decode([new BatchToken(tokens[1], 1, 0, true)]);
        second.Clear();

        Near(expected, session.Logits(0).ToArray(), within: TestModels.Get(model).Noise);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public async Task One_context_decodes_while_the_others_logits_are_read(string model)
    {
        using var session = Load(model, Small with { Contexts = 2 });
        var (first, second) = (session, session.Second!);
        var tokens = OrdinaryTokens(session.Vocabulary, session.SequenceCount);
        var expected = Together(first, tokens);

        for (var round = 0; round < 20; round++)
        {
            var decoding = Task.Run(
                () =>
                {
                    second.Clear();
                    second.Decode([
                        .. tokens.Select((token, i) => new BatchToken(token, 0, i, true)),
                    ]);
                },
                TestContext.Current.CancellationToken
            );
            for (var i = 0; i < tokens.Length; i++)
            {
                Assert.Equal(expected[i], first.Logits(i).ToArray());
            }
            await decoding;
            Assert.Equal(expected[^1], second.Logits(tokens.Length - 1).ToArray());
            (first, second) = (second, first);
        }
    }

    [Fact]
    public void The_second_context_goes_with_the_first()
    {
        var session = Load("mini-llama", Small with { Contexts = 2 });
        var second = session.Second!;

        session.Dispose();

        Assert.Throws<ObjectDisposedException>(second.Clear);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Other_than_one_or_two_contexts_are_refused(int contexts) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Load("mini-llama", Small with { Contexts = contexts })
        );
}
