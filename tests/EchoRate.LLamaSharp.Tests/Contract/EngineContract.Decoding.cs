namespace EchoRate.LLamaSharp.Tests.Contract;

public abstract partial class EngineContract
{
    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void A_batch_of_lone_tokens_equals_one_by_one(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, session.SequenceCount);

        session.Clear();
        var together = Together(session, tokens);

        for (var i = 0; i < tokens.Length; i++)
        {
            Near(Alone(session, tokens[i]), together[i], within: TestModels.Get(model).Noise);
        }
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void The_same_batch_twice_gives_the_same_bits(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, session.SequenceCount);

        session.Clear();
        var first = Together(session, tokens);
        Alone(session, tokens[^1], tokens[0], tokens[^1]);
        session.Clear();
        var second = Together(session, tokens);

        Assert.Equal(first, second);
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Two_sessions_give_the_same_bits(string model)
    {
        using var one = Load(model);
        using var other = Load(model);
        var tokens = OrdinaryTokens(one.Vocabulary, one.SequenceCount);

        Assert.Equal(Together(one, tokens), Together(other, tokens));
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void A_shared_prefix_is_decoded_once_copied_and_trimmed(string model)
    {
        using var session = Load(model);
        var prefix = Prefix(session.Vocabulary);
        var tokens = OrdinaryTokens(session.Vocabulary, 2 * session.SequenceCount);
        var expected = tokens.Select(token => Alone(session, prefix, token)).ToArray();

        session.Clear();
        session.Decode([new BatchToken(prefix, 0, 0, WantsLogits: false)]);
        for (var sequence = 1; sequence < session.SequenceCount; sequence++)
        {
            session.CopySequence(0, sequence);
        }

        var at = 0;
        foreach (var chunk in tokens.Chunk(session.SequenceCount))
        {
            var actual = Together(session, chunk, position: 1);
            for (var i = 0; i < chunk.Length; i++, at++)
            {
                Near(expected[at], actual[i], within: TestModels.Get(model).Noise);
                session.TruncateSequence(i, 1);
            }
        }
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void A_truncated_sequence_can_be_continued_in_another_way(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, 6);
        var expected = Alone(session, tokens[0], tokens[1], tokens[5]);

        session.Clear();
        session.Decode([
            .. tokens.Take(5).Select((token, i) => new BatchToken(token, i, 3, false)),
        ]);
        session.TruncateSequence(3, 2);
        session.Decode([new BatchToken(tokens[5], 2, 3, true)]);

        Near(expected, session.Logits(0).ToArray(), within: TestModels.Get(model).Noise);
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Cleared_and_wholly_truncated_sequences_are_new_again(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, 3);
        var expected = Alone(session, tokens[0]);

        session.Decode([
            new BatchToken(tokens[1], 0, 1, false),
            new BatchToken(tokens[2], 1, 1, false),
        ]);
        session.TruncateSequence(1, 0);
        session.Decode([new BatchToken(tokens[0], 0, 1, true)]);

        Near(expected, session.Logits(0).ToArray(), within: TestModels.Get(model).Noise);
        Assert.Equal(expected, Alone(session, tokens[0]));
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Only_some_rows_of_a_batch_may_want_logits(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, 4);
        var expected = Alone(session, tokens[2]);

        session.Clear();
        session.Decode([
            .. tokens.Select((token, i) => new BatchToken(token, 0, i, WantsLogits: i == 2)),
        ]);

        Near(expected, session.Logits(2).ToArray(), within: TestModels.Get(model).Noise);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Every_sequence_can_be_filled_to_the_brim(string model)
    {
        using var session = Load(
            model,
            new LoadOptions
            {
                Sequences = 40,
                BatchSize = 1,
                CacheSize = 40 * 13,
                Threads = 1,
            }
        );
        var tokens = OrdinaryTokens(session.Vocabulary, session.SequenceCount);
        Assert.Equal(session.SequenceCount, session.BatchSize);

        for (var position = 0; position < session.CacheSize / session.SequenceCount; position++)
        {
            Together(session, tokens, position);
        }
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void The_most_sequences_work_and_one_more_is_refused(string model)
    {
        using (var session = Load(model, Small with { Sequences = 255, CacheSize = 512 }))
        {
            var tokens = OrdinaryTokens(session.Vocabulary, 255);
            var together = Together(session, tokens);
            Near(Alone(session, tokens[^1]), together[^1], within: TestModels.Get(model).Noise);
        }

        var exception = Assert.Throws<EngineException>(() =>
            Load(model, Small with { Sequences = 256 })
        );
        Assert.Contains("at most 256", exception.Message);
        Assert.Contains("not 256 and one for padding", exception.Message);
    }
}
