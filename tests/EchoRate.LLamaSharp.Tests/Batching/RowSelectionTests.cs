namespace EchoRate.LLamaSharp.Tests.Batching;

/// <summary>A resumed run and a shard decode some of the whole's batches in another session: the same rows come back, to the last bit.</summary>
public sealed class RowSelectionTests
{
    private static readonly ProbeRequest Request = new()
    {
        ItemSets = [PublishedWords.Set, new SampleSet(20, 0)],
        PromptSets =
        [
            PublishedPrompts.Published,
            PublishedPrompts.Ioi with
            {
                Prompts = [.. PublishedPrompts.Ioi.Prompts.Take(9)],
                Continues = true,
            },
        ],
        Arms = Arm.All,
        ContinueTokens = 3,
        Neutral = new NeutralPrefixes(1),
    };

    public static TheoryData<string> Files =>
        [
            "stories260K",
            "demo-echo Q8_0",
            "demo-plain F16",
            .. Miniatures.All.Select(miniature => miniature.Name),
        ];

    [Theory, MemberData(nameof(Files))]
    public void Any_part_of_the_rows_is_bit_for_bit_that_of_the_whole(string model)
    {
        var whole = Rows(model, RowSelection.Whole);
        var random = new Random(5);

        foreach (var skip in (int[])[random.Next(whole.Count / 2), random.Next(whole.Count)])
        {
            Assert.Equal(whole.Skip(skip), Rows(model, new RowSelection(skip)));
        }
        var shards = Enumerable.Range(0, 3).Select(i => Rows(model, new RowSelection(0, i, 3)));
        Assert.Equal(whole, Merge(whole, shards));
    }

    // Rows know their places; a place that is missing or there twice makes the lists differ.
    private static IEnumerable<string> Merge(
        List<string> whole,
        IEnumerable<List<string>> shards
    ) => shards.SelectMany(rows => rows).OrderBy(row => whole.IndexOf(row));

    private static List<string> Rows(string model, RowSelection selection)
    {
        using var file = OpenFile.Open(TestModels.PathOf(model), sequences: 8);
        return
        [
            .. FileProbe
                .Run(file.Context, Request, selection)
                // JSON writes doubles so that the same bits come back.
                .Select(row => JsonSerializer.Serialize<MeasuredRow>(row)),
        ];
    }
}
