using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Sampling;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Arms;

/// <summary>
/// An arm as one file has it: which token, by its id, goes in front. BOS comes from the file's declaration and is put in front by
/// us; no tokenizer is asked, and none adds it.
/// </summary>
/// <param name="Arm">The condition.</param>
/// <param name="Token">The token in front; null for none.</param>
/// <param name="Missing">Why the condition cannot be had for this file; null where it can.</param>
public sealed record ArmPrefix(Arm Arm, TokenBytes? Token, string? Missing = null)
{
    /// <summary>The prefix as ids: none or one.</summary>
    public int[] Ids => Token is null ? [] : [Token.Id];

    /// <summary>What an arm means for a file: one prefix for <c>without</c> and <c>with</c>, several for <c>neutral</c>.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="context">The loaded file.</param>
    /// <param name="neutral">Which neutral prefixes are drawn.</param>
    public static IReadOnlyList<ArmPrefix> Resolve(
        Arm arm,
        ProbeContext context,
        NeutralPrefixes neutral
    )
    {
        if (arm == Arm.Without)
        {
            return [new ArmPrefix(arm, null)];
        }
        var vocabulary = context.Session.Vocabulary;
        if (arm == Arm.Neutral)
        {
            return
            [
                .. neutral.Tokens(context).Select(id => new ArmPrefix(arm, vocabulary.Token(id))),
            ];
        }
        return
            context.Facts.BosToken is not { } bos || context.Facts.BosKind is null or BosKind.None
            ? [new ArmPrefix(arm, null, "the file declares no BOS (tokenizer.ggml.bos_token_id)")]
            : [new ArmPrefix(arm, vocabulary.Token(bos))];
    }
}

/// <summary>
/// The prefixes of the arm <c>neutral</c>: the newline token, EOS (unless it is BOS under another name), and seeded words. What a
/// vocabulary lacks is left out.
/// </summary>
/// <param name="Count">Seeded words, beside newline and EOS.</param>
/// <param name="Seed">The run's seed.</param>
public sealed record NeutralPrefixes(int Count = NeutralPrefixes.DefaultCount, int Seed = 0)
{
    /// <summary>Seeded words where nobody says otherwise.</summary>
    public const int DefaultCount = 4;

    /// <summary>The tokens, each once.</summary>
    public IReadOnlyList<int> Tokens(ProbeContext context)
    {
        var eos = context.Facts.EosToken == context.Facts.BosToken ? null : context.Facts.EosToken;
        var drawn = SeededDraw.Draw(
            OrdinaryTokens.Words(context.Session.Vocabulary),
            Count,
            Seed,
            "neutral"
        );
        return
        [
            .. new[] { context.Finder.FindNewline(), eos }.OfType<int>().Concat(drawn).Distinct(),
        ];
    }
}
