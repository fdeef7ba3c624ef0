namespace EchoRate.LLamaSharp.Tests.Fixtures;

/// <summary>What tests ask of an open file, the way a run asks it.</summary>
internal static class Probing
{
    /// <summary>The 27 words under both arms, in the order of a run: arm, then word.</summary>
    internal static List<EchoRow> Words(this ProbeContext context) =>
        [.. context.Measure(new ProbeRequest { PromptSets = [] }).Cast<EchoRow>()];

    /// <summary>Items of the test's own, under one arm.</summary>
    internal static List<EchoRow> Echo(this ProbeContext context, ItemSet set, Arm arm) =>
        [
            .. context
                .Measure(
                    new ProbeRequest
                    {
                        ItemSets = [set],
                        PromptSets = [],
                        Arms = [arm],
                    }
                )
                .Cast<EchoRow>(),
        ];

    /// <summary>Prompts under one arm, continued by up to 16 tokens where the set continues.</summary>
    internal static List<CompletionRow> Complete(
        this ProbeContext context,
        PromptSet set,
        Arm arm
    ) =>
        [
            .. context
                .Measure(
                    new ProbeRequest
                    {
                        ItemSets = [],
                        PromptSets = [set],
                        Arms = [arm],
                    }
                )
                .Cast<CompletionRow>(),
        ];

    private static IEnumerable<MeasuredRow> Measure(
        this ProbeContext context,
        ProbeRequest request
    ) => FileProbe.Run(context, request);
}
