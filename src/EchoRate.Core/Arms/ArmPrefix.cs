using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
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

    /// <summary>What rows of a condition that cannot be had are: <c>no_bos</c> where BOS is what is missing.</summary>
    public RowStatus MissingStatus => Arm == Arm.With ? RowStatus.NoBos : RowStatus.Failed;

    /// <summary>What an arm means for a file: one prefix for <c>without</c> and <c>with</c>, several for <c>neutral</c>.</summary>
    public static IReadOnlyList<ArmPrefix> Resolve(
        Arm arm,
        ModelFacts facts,
        IVocabulary vocabulary,
        NeutralPrefixes? neutral = null
    )
    {
        if (arm == Arm.Without)
        {
            return [new ArmPrefix(arm, null)];
        }
        if (arm == Arm.Neutral)
        {
            var tokens = (neutral ?? new NeutralPrefixes()).Tokens(facts, vocabulary);
            return tokens.Count == 0
                ? [new ArmPrefix(arm, null, NoNeutral)]
                : [.. tokens.Select(id => new ArmPrefix(arm, vocabulary.Token(id)))];
        }
        return facts.BosToken is not { } bos || facts.BosKind is null or BosKind.None
            ? [new ArmPrefix(arm, null, NoBos(facts))]
            : [new ArmPrefix(arm, vocabulary.Token(bos))];
    }

    private const string NoNeutral =
        "nothing neutral to put in front: the vocabulary has no newline, no EOS beside BOS, and no word drawn; raise --neutral";

    private static string NoBos(ModelFacts facts) =>
        facts.DeclaredBosToken is { } id
            ? $"the BOS that the file declares is not in its vocabulary (tokenizer.ggml.bos_token_id is {id})"
            : "the file declares no BOS (tokenizer.ggml.bos_token_id)";
}

/// <summary>
/// The prefixes of the arm <c>neutral</c>: the newline token, EOS (unless it is BOS under another name), and seeded words. What a
/// vocabulary lacks is left out.
/// </summary>
public sealed record NeutralPrefixes(int Count = NeutralPrefixes.DefaultCount, int Seed = 0)
{
    /// <summary>Seeded words where nobody says otherwise.</summary>
    public const int DefaultCount = 4;

    /// <summary>The tokens, each once.</summary>
    public IReadOnlyList<int> Tokens(ModelFacts facts, IVocabulary vocabulary)
    {
        var newline = new TokenFinder(vocabulary, addsSpacePrefix: false).FindNewline();
        var eos = facts.EosToken == facts.BosToken ? null : facts.EosToken;
        var drawn = SeededDraw.Draw(OrdinaryTokens.Words(vocabulary), Count, Seed, "neutral");
        return [.. new[] { newline, eos }.OfType<int>().Concat(drawn).Distinct()];
    }
}
