using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Probes;

/// <summary>
/// How far into a text an echo lasts: the text in windows, each starting anew, and after every token what the model gives that token, and the one
/// that really follows. Rows come in the order arm, prefix, window, position.
/// </summary>
/// <param name="TextName">What the text is called: its file's name.</param>
/// <param name="Text">The text, UTF-8.</param>
/// <param name="Window">Tokens of the text in a window; null for as many as are usual.</param>
public sealed record PositionProbe(string TextName, byte[] Text, int? Window = null) : Look
{
    /// <summary>Tokens of a window where nobody says otherwise and the model's context allows.</summary>
    public const int DefaultWindow = 512;

    // What is decoded at once: as many tokens as have 64 MiB of logits, which stand in memory twice; 64 of a vocabulary of 262,144 pieces.
    private const long MostLogitBytes = 2 * (64 << 20);

    public override string? ProblemOf(ModelFacts facts) =>
        Window > MostWindow(facts)
            ? $"--window: {Window} is not allowed for {facts.Model}; allowed: 1 to {MostWindow(facts)}, its context of {facts.ContextLength} less one for BOS"
            : null;

    /// <summary>Tokens of the text in a window of this file.</summary>
    public int WindowOf(ModelFacts facts) => Window ?? Math.Min(DefaultWindow, MostWindow(facts));

    // A window behind its prefix, and logits for a part of it at once; or as many windows as have so many logits.
    public override LoadOptions Plan(ModelFacts facts, ProbeRequest request, LoadOptions limits)
    {
        const int prefix = BatchPlan.Multiple;
        var most = Math.Min(limits.Sequences, BatchPlan.Padded(Text.Length + 1));
        var rows = Math.Min(
            most,
            BatchPlan.Padded(BatchPlan.RowsThatFit(MostLogitBytes, facts.VocabularySize ?? 0, most))
        );
        return limits with
        {
            Sequences = rows,
            BatchSize = rows,
            CacheSize = prefix + Math.Max(rows, WindowOf(facts) + BatchPlan.Multiple),
            Shows = Insight.Layers,
        };
    }

    public override LookRow Unnamed() => new PositionRow();

    internal override IEnumerable<Section> Sections(ProbeContext context, ProbeRequest request)
    {
        var ids = context.Session.Vocabulary.Tokenize(Text);
        var place = 0L;
        foreach (var prefix in FileProbe.Prefixes(context, request))
        {
            var first = place;
            place += Math.Max(1, ids.Length);
            yield return ids.Length == 0
                ? new Section(
                    [0..1],
                    _ => [NoTokens(prefix, first)],
                    _ => [NoTokens(prefix, first)]
                )
                : new PositionSet(
                    context,
                    prefix,
                    TextName,
                    [.. ids.Chunk(WindowOf(context.Facts))],
                    first
                ).Section();
        }
    }

    // One position of the context is BOS's, in every arm, so that all arms have the same windows. Who has no more than that gets one token all the same.
    private static int MostWindow(ModelFacts facts) =>
        Math.Max(1, (facts.ContextLength ?? DefaultWindow + 1) - 1);

    private PositionRow NoTokens(ArmPrefix prefix, long place) =>
        new()
        {
            Place = place,
            Arm = prefix.Arm.Name,
            Prefix = prefix.Token,
            ItemSet = TextName,
            Status = RowStatus.Failed,
            Reason = $"the text {TextName} has no tokens in this model's vocabulary",
        };
}
