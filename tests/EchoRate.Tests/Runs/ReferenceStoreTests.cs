using EchoRate.Core.Scoring;

namespace EchoRate.Tests.Runs;

/// <summary>A reference's rows on disk: written by one process, gone on with by another, read by a third.</summary>
public sealed class ReferenceStoreTests : IDisposable
{
    private const int Vocabulary = 5;

    private readonly TemporaryFolder _folder = new();
    private readonly ReferencePlan _plan;

    public ReferenceStoreTests() =>
        _plan = new ReferencePlan(
            Path.Combine(_folder.Path, "reference-x"),
            "0123456789ab",
            Vocabulary,
            ReferenceUse.Record
        );

    private static RowInput At(long place) => new(place, (ulong)place);

    private ReferencePlan Reading => _plan with { Use = ReferenceUse.Read };

    private ReferencePlan Continuing => _plan with { Use = ReferenceUse.Continue };

    [Fact]
    public void Rows_come_back_to_another_reader_bit_by_bit()
    {
        Record(_plan, 0, 3, 7);

        using var store = ReferenceStore.Open(Reading);

        Assert.Equal("0123456789ab", store.FileId);
        Assert.False(store.IsRecording);
        AssertHolds(store, 0, 3, 7);
        Assert.False(store.TryGet(At(1), new float[Vocabulary], out _, out _));
        Assert.False(store.TryGet(At(8), new float[Vocabulary], out _, out _));
    }

    [Fact]
    public void A_row_without_logits_comes_back_without()
    {
        using (var recording = Begin(_plan))
        {
            recording.Add(2, RowOf(2) with { TokenLogProb = null, Hit = null }, []);
        }

        using var store = ReferenceStore.Open(Reading);

        Assert.True(store.TryGet(At(2), new float[Vocabulary], out var row, out var hasLogits));
        Assert.False(hasLogits);
        Assert.Null(row.TokenLogProb);
        Assert.Null(row.Hit);
        Assert.True(ReferenceStore.Covers(Reading, [2]));
    }

    [Fact]
    public void A_recording_that_was_cut_off_is_gone_on_with()
    {
        Record(_plan, 0, 1, 2);
        Record(Continuing, 3, 4);

        using var store = ReferenceStore.Open(Reading);

        AssertHolds(store, 0, 1, 2, 3, 4);
    }

    [Fact]
    public void A_row_of_logits_that_was_cut_off_is_not_held()
    {
        Record(_plan, 0, 1, 2);
        using (var logits = new FileStream(_plan.Stem + ".logits", FileMode.Open))
        {
            logits.SetLength(logits.Length - 1);
        }

        Assert.True(ReferenceStore.Covers(Continuing, [0, 1]));
        Assert.False(ReferenceStore.Covers(Continuing, [0, 1, 2]));
        Record(Continuing, 2, 3);
        Assert.True(ReferenceStore.Covers(Continuing, [0, 1, 2, 3]));
    }

    [Fact]
    public void Rows_of_another_file_or_vocabulary_are_refused()
    {
        Record(_plan, 0);
        var (otherFile, otherSize) = (
            Reading with
            {
                FileId = "ba9876543210",
            },
            Reading with
            {
                VocabularySize = Vocabulary + 1,
            }
        );

        Assert.False(ReferenceStore.Covers(otherFile, []));
        Assert.False(ReferenceStore.Covers(otherSize, []));
        var refusal = Assert.Throws<IOException>(() => ReferenceStore.Open(otherFile));
        Assert.Equal(
            $"{_plan.Stem}.index: not the rows of the reference ba9876543210",
            refusal.Message
        );
    }

    public void Dispose() => _folder.Dispose();

    private static void Record(ReferencePlan plan, params int[] places)
    {
        using var recording = Begin(plan);
        foreach (var place in places)
        {
            recording.Add(place, RowOf(place), LogitsOf(place));
        }
    }

    private static ReferenceStore Begin(ReferencePlan plan)
    {
        var store = ReferenceStore.Open(plan);
        Assert.True(store.IsRecording);
        return store;
    }

    private static void AssertHolds(ReferenceStore store, params int[] places)
    {
        foreach (var place in places)
        {
            var logits = new float[Vocabulary];
            Assert.True(store.TryGet(At(place), logits, out var row, out var hasLogits));
            Assert.Equal(RowOf(place), row);
            Assert.True(hasLogits);
            Assert.Equal(LogitsOf(place), logits);
        }
    }

    private static ReferenceRow RowOf(int place) =>
        new(place % Vocabulary, Math.Sqrt(place + 2), -0.1 * place, -1.0 / (place + 3), place > 1)
        {
            Input = At(place).Hash,
        };

    private static float[] LogitsOf(int place) =>
        [.. Enumerable.Range(0, Vocabulary).Select(id => MathF.Sin(place * 31 + id))];
}
