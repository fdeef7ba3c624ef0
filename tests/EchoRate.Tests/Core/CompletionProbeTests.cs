using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Core.Prompts;
using EchoRate.Core.Results;
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

    [Fact]
    public void No_continuation_is_made_where_none_is_asked_for()
    {
        var row = Run(Model(Chain), Arm.Without, 0)[0];

        Assert.Null(row.Continuation);
        Assert.Null(row.Stop);
    }

    [Theory]
    [InlineData(1, 64)]
    [InlineData(2, 64)]
    [InlineData(4, 3)]
    public void Groups_and_batches_of_any_size_give_the_same_rows(int sequences, int batchSize)
    {
        var expected = Run(Model(Chain), Arm.With, 4);
        var rows = Run(Model(Chain, sequences, batchSize: batchSize), Arm.With, 4);

        Assert.Equal(expected.Select(row => row.Next), rows.Select(row => row.Next));
        Assert.Equal(
            expected.SelectMany(row => row.ContinuationIds!),
            rows.SelectMany(row => row.ContinuationIds!)
        );
        Assert.Equal(["a", "b", "c"], rows.Select(row => row.PromptId));
    }

    [Fact]
    public void A_prompt_that_does_not_fit_fails_alone()
    {
        var rows = Run(Model(Chain, cacheSize: 4), Arm.With, 2);

        Assert.Equal(
            [RowStatus.Failed, RowStatus.Ok, RowStatus.Ok],
            rows.Select(row => row.Status)
        );
        Assert.Contains("2 tokens", rows[0].Reason, StringComparison.Ordinal);
    }

    private static List<CompletionRow> Run(ScriptedModel model, Arm arm, int continueTokens)
    {
        var context = model.Context();
        var prefix = Assert.Single(ArmPrefix.Resolve(arm, context, new NeutralPrefixes()));
        return [.. CompletionProbe.Run(context, Set, prefix, continueTokens)];
    }
}
