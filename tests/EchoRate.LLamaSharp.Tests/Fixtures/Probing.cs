namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>What tests ask of an open file, the way a run asks it.</summary>
internal static class Probing
{
    /// <summary>The 27 words under both arms, in the order of a run: arm, then word.</summary>
    internal static List<EchoRow> Words(this ProbeContext context) =>
        context.Measure<EchoRow>(Asking());

    /// <summary>Items of the test's own, under one arm.</summary>
    internal static List<EchoRow> Echo(this ProbeContext context, ItemSet set, Arm arm) =>
        context.Measure<EchoRow>(Asking(arms: arm) with { ItemSets = [set] });

    /// <summary>Prompts, continued by up to 16 tokens where the set continues.</summary>
    internal static List<CompletionRow> Complete(
        this ProbeContext context,
        PromptSet set,
        params Arm[] arms
    ) => context.Measure<CompletionRow>(Asking(0, arms: arms) with { PromptSets = [set] });

    /// <summary>The rows that a request gives, which are as many as was said beforehand.</summary>
    internal static List<TRow> Measure<TRow>(this ProbeContext context, ProbeRequest request)
    {
        List<TRow> rows = [.. FileProbe.Run(context, request).Cast<TRow>()];
        Assert.Equal(FileProbe.RowCount(context, request) ?? rows.Count, rows.Count);
        return rows;
    }

    /// <summary>The first of the 27 words, and a look at them where there is one.</summary>
    internal static ProbeRequest Asking(int words = 27, Look? look = null, params Arm[] arms) =>
        new()
        {
            ItemSets =
                words == 0
                    ? []
                    :
                    [
                        PublishedWords.Set with
                        {
                            Items = [.. PublishedWords.Set.Items.Take(words)],
                        },
                    ],
            PromptSets = [],
            Arms = arms is [] ? Arm.Default : arms,
            Look = look,
        };

    /// <summary>Prompts of a test's own.</summary>
    internal static PromptSet Prompts(params string[] texts) =>
        new("p", [.. texts.Select((text, i) => new Prompt($"{i}", text))], Continues: false);

    /// <summary>The text that bytes are.</summary>
    internal static string Text(this byte[] bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>By how much two rows of logits differ at most.</summary>
    internal static double Distance(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max();
}
