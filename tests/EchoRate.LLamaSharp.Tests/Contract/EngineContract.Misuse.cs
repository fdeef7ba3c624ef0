namespace EchoRate.LLamaSharp.Tests.Contract;

// Each of these would trip an assertion in C and end the process; and after each the session must still work.
public abstract partial class EngineContract
{
    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Impossible_batches_are_refused_and_do_no_harm(string model)
    {
        using var session = Load(model);
        var token = OrdinaryTokens(session.Vocabulary, 1)[0];
        var expected = Alone(session, token);
        session.Clear();

        Refused(session, []);
        Refused(
            session,
            [.. Enumerable.Repeat(new BatchToken(token, 0, 0, true), session.BatchSize + 1)]
        );
        Refused(session, [new BatchToken(-1, 0, 0, true)]);
        Refused(session, [new BatchToken(session.Vocabulary.Size, 0, 0, true)]);
        Refused(session, [new BatchToken(token, 0, -1, true)]);
        Refused(session, [new BatchToken(token, 0, session.SequenceCount + 1, true)]);
        Refused(session, [new BatchToken(token, 1, 0, true)]);
        Refused(session, [new BatchToken(token, -1, 0, true)]);
        Refused(session, [new BatchToken(token, 0, 0, true), new BatchToken(token, 0, 0, true)]);
        Refused(session, [new BatchToken(token, 0, 0, true), new BatchToken(token, 2, 0, true)]);
        Refused(session, [new BatchToken(token, session.CacheSize, 0, true)]);

        Assert.Equal(expected, Alone(session, token));
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Rows_without_logits_cannot_be_read(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, 2);

        Assert.ThrowsAny<ArgumentException>(() => session.Logits(0).Length);
        session.Decode([
            new BatchToken(tokens[0], 0, 0, false),
            new BatchToken(tokens[1], 0, 1, true),
        ]);
        foreach (var index in (int[])[-1, 0, 2, 1000])
        {
            Assert.ThrowsAny<ArgumentException>(() => session.Logits(index).Length);
        }

        Assert.Equal(session.Vocabulary.Size, session.Logits(1).Length);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Impossible_copies_and_truncations_are_refused(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, 2);
        Together(session, tokens);

        Assert.ThrowsAny<ArgumentException>(() => session.CopySequence(0, 1));
        Assert.ThrowsAny<ArgumentException>(() => session.CopySequence(0, 0));
        Assert.ThrowsAny<ArgumentException>(() => session.CopySequence(-1, 2));
        Assert.ThrowsAny<ArgumentException>(() =>
            session.CopySequence(0, session.SequenceCount + 1)
        );
        Assert.ThrowsAny<ArgumentException>(() => session.TruncateSequence(0, 2));
        Assert.ThrowsAny<ArgumentException>(() => session.TruncateSequence(0, -1));
        Assert.ThrowsAny<ArgumentException>(() => session.TruncateSequence(-1, 0));
        Assert.ThrowsAny<ArgumentException>(() =>
            session.TruncateSequence(session.SequenceCount + 1, 0)
        );

        session.TruncateSequence(0, 1);
        session.CopySequence(0, 2);
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void A_disposed_session_refuses_everything_but_being_disposed(string model)
    {
        var session = Load(model);
        var vocabulary = session.Vocabulary;
        var token = OrdinaryTokens(vocabulary, 1)[0];
        Alone(session, token);
        session.Dispose();
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(session.Clear);
        Assert.Throws<ObjectDisposedException>(() => session.Logits(0).Length);
        Assert.Throws<ObjectDisposedException>(() =>
            session.Decode([new BatchToken(token, 0, 0, true)])
        );
        Assert.Throws<ObjectDisposedException>(() => session.CopySequence(0, 1));
        Assert.Throws<ObjectDisposedException>(() => session.TruncateSequence(0, 0));
        Assert.Throws<ObjectDisposedException>(() => vocabulary.Tokenize("Hello"u8));
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Sessions_that_nobody_disposed_are_collected_without_harm(string model)
    {
        for (var round = 0; round < 5; round++)
        {
            Forget();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // In a method of its own, so that no local keeps the session alive.
        void Forget()
        {
            var session = Load(model);
            Alone(session, OrdinaryTokens(session.Vocabulary, 1)[0]);
        }
    }

    [Theory, MemberData(nameof(TestModels.Few), MemberType = typeof(TestModels))]
    public void Garbage_collection_moves_nothing_that_native_code_reads(string model)
    {
        using var session = Load(model);
        var tokens = OrdinaryTokens(session.Vocabulary, session.SequenceCount);
        session.Clear();
        var expected = Together(session, tokens);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.KeepAlive(new byte[10_000]);
                GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                Thread.Sleep(1);
            }
        });
        collector.Start();

        try
        {
            // Collections hold everything up: on a busy machine fifty rounds would take a quarter of a minute.
            var clock = Stopwatch.StartNew();
            for (var round = 0; round < 50 && clock.ElapsedMilliseconds < 500; round++)
            {
                session.Clear();
                Assert.Equal(expected, Together(session, tokens));
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    private static void Refused(IModelSession session, BatchToken[] batch) =>
        Assert.ThrowsAny<ArgumentException>(() => session.Decode(batch));
}
