using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

/// <summary>
/// A second context decodes a batch while the last one is read: it changes when things happen, and no row. The scripted model's last digits
/// depend on the batch's width and the slot.
/// </summary>
public sealed class SecondContextTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly ProbeRequest s_request = new()
    {
        ItemSets =
        [
            new WordSet(
                "items",
                [
                    new(" red blue"),
                    .. Enumerable
                        .Repeat<Item[]>([new(" red"), new(" blue"), new(" green"), new("x")], 5)
                        .SelectMany(items => items),
                    new("red"),
                ]
            ),
        ],
        PromptSets = [],
        Arms = Arm.All,
        Neutral = new NeutralPrefixes(2),
    };

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, false, true)]
    [InlineData(3, false, false)]
    [InlineData(1, true, true)]
    [InlineData(3, true, true)]
    [InlineData(4, true, false)]
    [InlineData(64, true, true)]
    public void Rows_are_those_of_one_context(int sequences, bool spoilt, bool keeps)
    {
        var one = Rows(Slotted(sequences, spoilt, keeps));
        var second = Slotted(sequences, spoilt, keeps);

        Assert.Equal(one, Rows(Slotted(sequences, spoilt, keeps, second)));
        Assert.Equal(sequences < 20, second.Batches.Count > 0);
    }

    [Fact]
    public void The_next_batch_is_decoded_while_the_rows_of_the_last_are_given()
    {
        using var given = new ManualResetEventSlim();
        using var decoding = new ManualResetEventSlim();
        var second = Slotted(
            4,
            beforeDecode: batch =>
            {
                // The first one is waited for.
                if (batch == 0)
                {
                    return;
                }
                decoding.Set();
                if (!given.Wait(s_patience, TestContext.Current.CancellationToken))
                {
                    throw new EngineException("nobody took a row meanwhile");
                }
            }
        );
        var statuses = new List<RowStatus>();
        foreach (var row in FileProbe.Run(Slotted(4, second: second).Context(), s_request))
        {
            statuses.Add(row.Status);
            // A row of the third batch: 5 and twice 4 rows stand before it.
            if (statuses.Count == 10)
            {
                Assert.True(
                    decoding.Wait(s_patience, TestContext.Current.CancellationToken),
                    "nothing is decoded meanwhile"
                );
                given.Set();
            }
        }

        Assert.DoesNotContain(RowStatus.Failed, statuses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_context_decodes_at_a_time(bool spoilt)
    {
        var decoding = 0;
        var most = 0;
        float[] Slowly(int[] tokens)
        {
            most = Math.Max(most, Interlocked.Increment(ref decoding));
            Thread.Sleep(1);
            Interlocked.Decrement(ref decoding);
            return Answer(tokens);
        }

        var second = Slotted(3, spoilt, logits: Slowly);
        Rows(Slotted(3, spoilt, second: second, logits: Slowly));

        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_batch_that_fails_costs_no_row_of_the_one_before(bool isSecond)
    {
        var failing = Slotted(4, beforeDecode: _ => throw new EngineException("gave up"));
        var rows = isSecond
            ? Rows(Slotted(4, second: failing))
            : Rows(Slotted(4, second: Slotted(4), beforeDecode: Third));
        var whole = Rows(Slotted(4));

        // The first batch: an item without a token, and four with one. The third one is the first context's second.
        var good = isSecond ? 5 : 9;
        Assert.Equal(whole.Take(good), rows.Take(good));
        Assert.Equal(whole.Count, rows.Count);
        Assert.All(
            rows.Skip(good).Take(4),
            row => Assert.Contains("gave up", row, StringComparison.Ordinal)
        );

        static void Third(int batch)
        {
            if (batch == 1)
            {
                throw new EngineException("gave up");
            }
        }
    }

    [Fact]
    public void A_second_context_without_memory_is_known_before_any_row_is_given()
    {
        var second = Slotted(
            4,
            beforeDecode: _ => throw new EngineException("full") { IsDeviceOutOfMemory = true }
        );
        using var rows = FileProbe
            .Run(Slotted(4, second: second).Context(), s_request)
            .GetEnumerator();

        Assert.True(Assert.Throws<EngineException>(() => rows.MoveNext()).IsDeviceOutOfMemory);
    }

    [Fact]
    public void Whoever_stops_early_waits_for_the_batch_that_is_being_decoded()
    {
        using var begun = new ManualResetEventSlim();
        var ended = false;
        var second = Slotted(
            4,
            beforeDecode: _ =>
            {
                begun.Set();
                Thread.Sleep(200);
                ended = true;
            }
        );

        using (
            var rows = FileProbe
                .Run(Slotted(4, second: second).Context(), s_request)
                .GetEnumerator()
        )
        {
            Assert.True(rows.MoveNext());
            Assert.True(begun.Wait(s_patience, TestContext.Current.CancellationToken));
        }

        Assert.True(ended);
    }

    private static List<string> Rows(ScriptedModel model) => model.Rows(s_request);
}
