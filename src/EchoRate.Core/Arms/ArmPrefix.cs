using EchoRate.Core.Engine;
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

    /// <summary>What an arm means for a file: one prefix for <c>without</c> and <c>with</c>.</summary>
    public static IReadOnlyList<ArmPrefix> Resolve(
        Arm arm,
        ModelFacts facts,
        IVocabulary vocabulary
    )
    {
        if (arm == Arm.Without)
        {
            return [new ArmPrefix(arm, null)];
        }
        return facts.BosToken is not { } bos || facts.BosKind is null or BosKind.None
            ? [new ArmPrefix(arm, null, "the file declares no BOS (tokenizer.ggml.bos_token_id)")]
            : [new ArmPrefix(arm, vocabulary.Token(bos))];
    }
}
