using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class PositionProbeTests
{
    private static readonly int Red = Id(" red");
    private static readonly int Blue = Id(" blue");
    private static readonly int Green = Id(" green");

    // Without BOS a token is given back; behind BOS ' green' follows everything, and ' blue' is next.
    private static float[] EchoesWithoutBos(int[] tokens) =>
        tokens[0] == Bos ? Top(Green, Blue) : Top(tokens[^1], Green);

    [Fact]
    public void Every_token_of_the_text_is_a_row_in_windows_that_start_anew()
    {
        var model = Model(tokens => Top(tokens.Length == 1 ? tokens[0] : Green, Blue));

        var rows = Run(model, " red blue green blue red", window: 2, Arm.Without);

        Assert.Equal([0, 0, 1, 1, 2], rows.Select(row => row.Window!.Value));
        Assert.Equal([0, 1, 0, 1, 0], rows.Select(row => row.Position!.Value));
        Assert.Equal([Red, Blue, Green, Blue, Red], rows.Select(row => row.Token!.Id));
        Assert.Equal([true, false, true, false, true], rows.Select(row => row.Echo!.Value));
        Assert.Equal([Blue, null, Blue, null, null], rows.Select(row => row.Next?.Id));
        Assert.All(rows, row => Assert.Equal(RowStatus.Ok, row.Status));
        Assert.All(rows, row => Assert.Null(row.Prefix));
    }

    [Fact]
    public void Bos_goes_in_front_of_every_window_and_the_window_keeps_its_tokens()
    {
        var fed = new List<int[]>();
        var model = Model(tokens =>
        {
            fed.Add(tokens);
            return EchoesWithoutBos(tokens);
        });

        var rows = Run(model, " red blue green", window: 2, Arm.With);

        Assert.Contains(fed, tokens => tokens.SequenceEqual([Bos, Red]));
        Assert.Contains(fed, tokens => tokens.SequenceEqual([Bos, Red, Blue]));
        Assert.Contains(fed, tokens => tokens.SequenceEqual([Bos, Green]));
        Assert.Equal([0, 1, 0], rows.Select(row => row.Position!.Value));
        Assert.Equal([false, false, true], rows.Select(row => row.Echo!.Value));
        Assert.All(rows, row => Assert.Equal(Bos, row.Prefix!.Id));
    }

    [Fact]
    public void The_token_that_follows_is_scored_over_the_whole_vocabulary()
    {
        var rows = Run(Model(EchoesWithoutBos), " red blue", window: 8, Arm.Without, Arm.With);

        // One token with 5, one with 4, ten with 0.
        var logSum = Math.Log(Math.Exp(5) + Math.Exp(4) + 10);
        Assert.Equal(-logSum, rows[0].NextLogProb!.Value, 6);
        Assert.Equal(Pieces.Length, rows[0].NextRank);
        Assert.Equal(1, rows[0].EchoMargin!.Value, 6);
        Assert.Equal(4 - logSum, rows[2].NextLogProb!.Value, 6);
        Assert.Equal(2, rows[2].NextRank);
        Assert.Equal(Green, rows[2].Top1!.Id);
        Assert.Equal(-5, rows[2].EchoMargin!.Value, 6);
        Assert.Null(rows[1].NextLogProb);
        Assert.Null(rows[1].NextRank);
    }

    [Fact]
    public void A_window_is_decoded_in_parts_whose_logits_fit_and_whose_width_is_a_multiple_of_16()
    {
        var model = Model(EchoesWithoutBos, sequences: 32, cacheSize: 256);

        var rows = Run(
            model,
            string.Concat(Enumerable.Repeat(" red blue", 35)),
            window: 50,
            Arm.With
        );

        Assert.Equal(70, rows.Count);
        // BOS alone, then parts of 32 and 18, padded to 32; the window of 20 is padded to 32 too.
        Assert.Equal([1, 32, 32, 1, 32], model.Batches.Select(batch => batch.Length));
        Assert.Equal([Red, Blue], rows.Skip(48).Take(2).Select(row => row.Token!.Id));
        Assert.All(rows, row => Assert.Equal(row.Token!.Id == Green, row.Echo));
    }

    [Fact]
    public void Windows_that_are_short_share_batches_each_in_a_sequence_of_its_own()
    {
        var model = Model(EchoesWithoutBos, sequences: 32, cacheSize: 64);
        var text = string.Concat(Enumerable.Repeat(" red blue green", 20));

        var rows = Run(model, text, window: 9, Arm.With);

        Assert.Equal(60, rows.Count);
        // Three windows are 27 tokens, and one of 6 is left; five and ten lone tokens fill up.
        Assert.Equal([1, 32, 1, 32, 1, 16], model.Batches.Select(batch => batch.Length));
        Assert.Equal(
            [.. Enumerable.Repeat(0, 9), .. Enumerable.Repeat(1, 9), .. Enumerable.Repeat(2, 9)],
            model.Batches[1].Take(27).Select(token => token.Sequence)
        );
        Assert.Equal(
            Enumerable.Range(3, 5).Select(sequence => (sequence, 0)),
            model.Batches[1].Skip(27).Select(token => (token.Sequence, token.Position))
        );
        Assert.Equal(
            Enumerable.Range(0, 60),
            rows.Select(row => row.Window!.Value * 9 + row.Position!.Value)
        );
        Assert.All(rows, row => Assert.Equal(row.Token!.Id == Green, row.Echo));
    }

    [Fact]
    public void A_file_without_bos_says_so_at_every_token()
    {
        var model = Model(EchoesWithoutBos);

        var facts = ScriptedModel.Facts(null, BosKind.None);
        var rows = Run(model, " red blue", window: 8, facts, Arm.Without, Arm.With);

        Assert.Equal(
            4,
            FileProbe.RowCount(model.Context(facts), Request(" red blue", 8, Arm.Without, Arm.With))
        );

        Assert.Equal(
            [RowStatus.Ok, RowStatus.Ok, RowStatus.NoBos, RowStatus.NoBos],
            rows.Select(row => row.Status)
        );
        Assert.Equal([0, 1], rows.Skip(2).Select(row => row.Position!.Value));
        Assert.Null(rows[2].Echo);
        Assert.Equal(Red, rows[2].Token!.Id);
    }

    [Fact]
    public void A_token_that_is_not_finite_spoils_no_row_before_it_and_no_other_window()
    {
        var model = Model(EchoesWithoutBos, sequences: 16, spoiledBy: Blue);

        var rows = Run(model, " red green blue red red green red red", window: 4, Arm.Without);

        Assert.Equal(
            [
                RowStatus.Ok,
                RowStatus.Ok,
                RowStatus.Nonfinite,
                RowStatus.Nonfinite,
                RowStatus.Ok,
                RowStatus.Ok,
                RowStatus.Ok,
                RowStatus.Ok,
            ],
            rows.Select(row => row.Status)
        );
        Assert.True(rows[1].Echo);
        Assert.Null(rows[2].Echo);
        Assert.Null(rows[2].NextLogProb);
        Assert.NotNull(rows[2].Reason);
    }

    [Fact]
    public void What_a_long_window_gave_before_a_token_that_is_not_finite_stays()
    {
        var model = Model(EchoesWithoutBos, sequences: 16, cacheSize: 64, spoiledBy: Blue);
        var text = string.Concat(Enumerable.Repeat(" red", 20)) + " green blue red";

        var rows = Run(model, text, window: 30, Arm.Without);

        Assert.Equal(Enumerable.Range(0, 23), rows.Select(row => row.Position!.Value));
        Assert.Equal(
            Enumerable.Range(0, 23).Select(at => at < 21 ? RowStatus.Ok : RowStatus.Nonfinite),
            rows.Select(row => row.Status)
        );
        Assert.All(rows.Take(21), row => Assert.True(row.Echo));
    }

    [Fact]
    public void A_text_without_tokens_is_a_row_that_says_so()
    {
        var rows = Run(Model(EchoesWithoutBos), "", window: 8, Arm.Without, Arm.With);

        Assert.Equal(["without", "with"], rows.Select(row => row.Arm));
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(RowStatus.Failed, row.Status);
                Assert.Contains("the text t.txt has no tokens", row.Reason);
                Assert.Null(row.Window);
            }
        );
    }

    [Fact]
    public void A_part_of_the_windows_gives_the_same_rows_in_the_same_places()
    {
        ScriptedModel New() => Model(EchoesWithoutBos, sequences: 16);
        var text = string.Concat(Enumerable.Repeat(" red blue green", 7));
        var whole = Run(New(), text, window: 4, Arm.Without, Arm.With);

        var rest = FileProbe
            .Run(
                New().Context(),
                Request(text, 4, Arm.Without, Arm.With),
                new RowSelection(SkipRows: 27)
            )
            .Cast<PositionRow>()
            .ToList();

        Assert.Equal(Enumerable.Range(0, 42).Select(i => (long)i), whole.Select(row => row.Place));
        Assert.Equal(
            whole.Skip(27).Select(row => (row.Place, row.Window, row.Position, row.EchoMargin)),
            rest.Select(row => (row.Place, row.Window, row.Position, row.EchoMargin))
        );
    }

    [Theory]
    [InlineData(null, null, 512, null)]
    [InlineData(128, null, 127, null)]
    [InlineData(4096, null, 512, null)]
    [InlineData(4096, 4095, 4095, null)]
    [InlineData(4096, 4096, 4096, "--window: 4096 is not allowed for scripted; allowed: 1 to 4095")]
    [InlineData(1, null, 1, null)]
    public void A_window_leaves_room_for_bos_in_the_context(
        int? context,
        int? asked,
        int expected,
        string? problem
    )
    {
        var facts = ScriptedModel.Facts() with { ContextLength = context };
        var request = new PositionProbe("t", "x"u8.ToArray(), asked);

        Assert.Equal(expected, request.WindowOf(facts));
        Assert.StartsWith(problem ?? "", request.ProblemOf(facts) ?? "");
        Assert.Equal(problem is null, request.ProblemOf(facts) is null);
    }

    [Theory]
    [InlineData(262_144, 64)]
    [InlineData(32_000, 256)]
    [InlineData(4_000_000, 16)]
    public void Logits_of_a_part_take_64_MiB_at_most_or_16_rows(int vocabulary, int rows)
    {
        var facts = ScriptedModel.Facts() with { VocabularySize = vocabulary };

        var text = Request(new string('x', 1000), null, Arm.Without);
        var load = text.Plan(facts, new() { Sequences = 256 });

        Assert.Equal(rows, load.Sequences);
        Assert.Equal(rows, load.BatchSize);
        Assert.True(load.CacheSize >= 512 + 1);
        var word = Request("x", null, Arm.Without);
        Assert.Equal(16, word.Plan(facts, new() { Sequences = 256 }).Sequences);
    }

    private static List<PositionRow> Run(
        ScriptedModel model,
        string text,
        int window,
        params Arm[] arms
    ) => Run(model, text, window, ScriptedModel.Facts(), arms);

    private static List<PositionRow> Run(
        ScriptedModel model,
        string text,
        int window,
        ModelFacts facts,
        params Arm[] arms
    ) => [.. FileProbe.Run(model.Context(facts), Request(text, window, arms)).Cast<PositionRow>()];

    private static ProbeRequest Request(string text, int? window, params Arm[] arms) =>
        new()
        {
            ItemSets = [],
            PromptSets = [],
            Arms = arms,
            Look = new PositionProbe("t.txt", System.Text.Encoding.UTF8.GetBytes(text), window),
        };
}
