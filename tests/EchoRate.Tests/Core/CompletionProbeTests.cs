using static EchoRate.Tests.Core.ScriptedVocabulary;

namespace EchoRate.Tests.Core;

public sealed class CompletionProbeTests
{
    private static readonly PromptSet Set = new(
        "set",
        [new("a", " red blue", " green"), new("b", " blue", " red blue"), new("c", " green")],
        Continues: true
    );

    // red → blue → green → EOS, anything else → red.
    private static float[] Chain(int[] tokens) =>
        Top(
            tokens[^1] == Id(" red") ? Id(" blue")
            : tokens[^1] == Id(" blue") ? Id(" green")
            : tokens[^1] == Id(" green") ? Eos
            : Id(" red")
        );

    [Fact]
    public void Prompt_ids_stand_behind_the_prefix()
    {
        var rows = Run(Model(Chain), Arm.With, 4);

        Assert.Equal([Bos, Id(" red"), Id(" blue")], rows[0].InputIds!);
        Assert.True(rows[0].Hit);
        Assert.Equal(1, rows[0].ExpectedRank);
        Assert.True(rows[0].ExpectedMargin > 0);
    }

    [Fact]
    public void An_expected_text_of_several_tokens_is_measured_without_an_outcome()
    {
        var row = Run(Model(Chain), Arm.Without, 0)[1];

        Assert.Equal(RowStatus.Ok, row.Status);
        Assert.Equal(" green"u8.ToArray(), row.Next!.Bytes);
        Assert.Null(row.Hit);
        Assert.Null(row.ExpectedId);
        Assert.Contains("not a single token", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_continuation_begins_with_the_next_token_and_stops_at_the_end_of_generation()
    {
        var row = Run(Model(Chain), Arm.Without, 8)[0];

        Assert.Equal([Id(" green"), Eos], row.ContinuationIds!);
        Assert.Equal(" green"u8.ToArray(), row.Continuation!);
        Assert.Equal(StopReason.Eog, row.Stop);
    }

    [Fact]
    public void A_continuation_has_no_more_tokens_than_asked_for()
    {
        var row = Run(Model(_ => Top(Id("x"))), Arm.Without, 3)[0];

        Assert.Equal([Id("x"), Id("x"), Id("x")], row.ContinuationIds!);
        Assert.Equal(StopReason.Length, row.Stop);
    }

    // What fills the prefix up to 16 cells, and a batch up to 16 tokens.
    private const int Filling = 15 + 15;

    [Fact]
    public void Batches_and_what_they_answer_are_filled_up_to_sixteen_where_the_library_multiplies()
    {
        var model = Model(Chain, sequences: 32);
        var exact = Model(Chain, sequences: 32, arithmetic: Arithmetic.Exact);

        Run(model, Arm.With, 4);
        Run(exact, Arm.With, 4);

        Assert.All(model.Widths, width => Assert.Equal(16, width));
        Assert.All(
            model.Batches.Skip(1),
            batch => Assert.True(batch.All(token => token.WantsLogits))
        );
        Assert.Equal(16, exact.Widths[0]);
        Assert.All(exact.Widths.Skip(1), width => Assert.InRange(width, 1, 15));
    }

    [Fact]
    public void The_library_decodes_sixteen_prompts_together_whatever_memory_allows()
    {
        var set = new PromptSet(
            "set",
            [.. Enumerable.Range(0, 40).Select(n => new Prompt($"{n}", " red"))],
            false
        );
        var (library, exact) = (
            Model(Chain, sequences: 64),
            Model(Chain, sequences: 64, arithmetic: Arithmetic.Exact)
        );

        Run(library, Arm.Without, 0, set);
        Run(exact, Arm.Without, 0, set);

        Assert.Equal((3, 1), (library.Widths.Count, exact.Widths.Count));
    }

    [Fact]
    public void A_prompt_longer_than_a_batch_goes_in_piece_by_piece()
    {
        var model = Model(Chain, batchSize: 4);
        var prompt = string.Concat(Enumerable.Repeat(" red blue", 5));
        var set = new PromptSet("long", [new("a", " blue"), new("b", prompt, " green")], true);

        var rows = Run(model, Arm.With, 2, set);

        Assert.Equal([RowStatus.Ok, RowStatus.Ok], rows.Select(row => row.Status));
        Assert.Equal(11, rows[1].InputIds!.Length);
        Assert.True(rows[1].Hit);
        Assert.Equal([Id(" green"), Eos], rows[1].ContinuationIds!);
        Assert.All(model.Batches, batch => Assert.InRange(batch.Length, 1, 4));
    }

    [Fact]
    public void A_prompt_that_fills_the_cache_to_the_brim_is_measured_and_one_token_more_is_not()
    {
        // One token of prefix, four of prompt, three of continuation.
        var set = new PromptSet("set", [new("a", " red blue red blue")], true);

        Assert.Equal(
            RowStatus.Ok,
            Run(Model(Chain, cacheSize: 8 + Filling), Arm.With, 3, set)[0].Status
        );
        var row = Run(Model(Chain, cacheSize: 7 + Filling), Arm.With, 3, set)[0];
        Assert.Equal(RowStatus.Failed, row.Status);
        Assert.Contains("3 fit", row.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 3, null)]
    [InlineData(7, 3, "the prompt has 4 tokens; 3 fit")]
    [InlineData(7, 6, "no room for a prompt beside what goes in front and its continuation")]
    public void Nothing_is_measured_beyond_the_context_that_the_model_was_trained_for(
        int contextLength,
        int continueTokens,
        string? reason
    )
    {
        var set = new PromptSet("set", [new("a", " red blue red blue")], true);
        var facts = ScriptedModel.Facts() with { ContextLength = contextLength };

        var row = Model(Chain).Context(facts).Completions(set, Arm.With, continueTokens)[0];

        Assert.Equal(
            (reason is null ? RowStatus.Ok : RowStatus.Failed, reason),
            (row.Status, row.Reason)
        );
    }

    // The demo's 60 sentences differ in two names: what they share goes in once.
    [Theory]
    [InlineData(64)]
    [InlineData(5)]
    public void A_beginning_that_prompts_share_is_decoded_once(int batchSize)
    {
        var set = new PromptSet(
            "set",
            [
                new("a", " red red red blue", " green"),
                new("b", " red red red green"),
                new("c", " red red"),
                new("twin", " red red", " red"),
                new("d", " blue", " green"),
            ],
            true
        );
        var model = Model(Chain, sequences: 5, batchSize: batchSize);

        var rows = Run(model, Arm.With, 3, set);

        var alone = Run(Model(Chain, sequences: 1), Arm.With, 3, set);
        Assert.Equal(alone.Select(row => row.Next), rows.Select(row => row.Next));
        Assert.Equal(
            alone.SelectMany(row => row.ContinuationIds!),
            rows.SelectMany(row => row.ContinuationIds!)
        );
        Assert.Equal(alone.Select(row => row.InputIds), rows.Select(row => row.InputIds));
        // BOS, red red, red, blue, green, blue: 7 instead of 1 + 13; then two steps of five sequences.
        Assert.Equal(7 + 2 * 5, model.Batches.Sum(batch => batch.Length));
    }

    [Fact]
    public void An_end_of_generation_right_away_is_an_empty_continuation()
    {
        var row = Run(Model(_ => Top(Eos)), Arm.Without, 5)[0];

        Assert.Equal(Eos, row.Next!.Id);
        Assert.Equal([Eos], row.ContinuationIds!);
        Assert.Empty(row.Continuation!);
        Assert.Equal(StopReason.Eog, row.Stop);
        Assert.False(row.Hit);
    }

    [Fact]
    public void A_tie_with_the_expected_token_is_no_hit()
    {
        float[] Tie(int[] tokens)
        {
            var logits = Top(Id("x"));
            logits[Id(" green")] = logits[Id("x")];
            return logits;
        }

        var row = Run(Model(Tie), Arm.Without, 2)[0];

        Assert.False(row.Hit);
        Assert.Equal(Id("x"), row.Next!.Id);
        Assert.Equal((2, 0.0), (row.ExpectedRank, row.ExpectedMargin));
    }

    // What is most likely does not depend on what was expected.
    [Fact]
    public void The_continuation_begins_with_the_next_token_of_the_row_even_where_two_tie()
    {
        float[] Tie(int[] tokens)
        {
            var logits = Top(Id(" green"));
            logits[Id("x")] = logits[Id(" green")];
            return logits;
        }

        var row = Run(Model(Tie), Arm.Without, 2)[0];

        Assert.Equal(row.Next!.Id, row.ContinuationIds![0]);
    }

    [Fact]
    public void A_prompt_without_tokens_and_one_that_is_too_long_stand_where_they_stood()
    {
        var set = new PromptSet(
            "set",
            [
                new("empty", ""),
                new("a", " red", " blue"),
                new("long", string.Concat(Enumerable.Repeat(" red", 90))),
                new("b", " blue", " green"),
                new("last", ""),
            ],
            false
        );

        var rows = Run(Model(Chain), Arm.Without, 0, set);

        Assert.Equal(["empty", "a", "long", "b", "last"], rows.Select(row => row.PromptId));
        Assert.Equal(
            [RowStatus.Failed, RowStatus.Ok, RowStatus.Failed, RowStatus.Ok, RowStatus.Failed],
            rows.Select(row => row.Status)
        );
        Assert.All(
            rows,
            row => Assert.Equal(row.Status == RowStatus.Failed, row.Reason is not null)
        );
    }

    private static List<CompletionRow> Run(
        ScriptedModel model,
        Arm arm,
        int continueTokens,
        PromptSet? set = null
    ) => model.Context().Completions(set ?? Set, arm, continueTokens);
}
