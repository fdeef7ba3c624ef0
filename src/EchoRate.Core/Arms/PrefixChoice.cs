using System.Text;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Arms;

/// <summary>A prefix and its kind.</summary>
public sealed record ChosenPrefix(ArmPrefix Prefix, PrefixKind Kind);

/// <summary>
/// The prefixes that words are put behind: none, BOS, EOS, every other control token, some of those without use, and ordinary tokens
/// drawn by id. A vocabulary may hold thousands of control tokens that were never trained; a seeded draw of them stands for all.
/// </summary>
public sealed record PrefixChoice(int Count = PrefixChoice.DefaultCount, int Seed = 0)
{
    /// <summary>Ordinary tokens where nobody says otherwise.</summary>
    public const int DefaultCount = 200;

    /// <summary>Most tokens without use.</summary>
    public const int MostReserved = 20;

    /// <summary>The prefixes, each once, in the order of their kinds and then of their ids.</summary>
    public IReadOnlyList<ChosenPrefix> Of(ModelFacts facts, IVocabulary vocabulary)
    {
        var named = new[] { facts.BosToken, facts.EosToken }.OfType<int>().ToHashSet();
        var controls = Enumerable
            .Range(0, vocabulary.Size)
            .Where(id => !named.Contains(id) && IsControl(vocabulary.Kind(id)))
            .ToLookup(id => IsReserved(vocabulary, id));
        var ordinary = OrdinaryTokens.Ids(vocabulary).Where(id => !named.Contains(id)).ToList();
        return
        [
            new(new ArmPrefix(Arm.Without, null), PrefixKind.None),
            .. Each(facts.BosToken is { } bos ? [bos] : [], Arm.With, PrefixKind.Bos),
            .. Each(
                facts.EosToken is { } eos && eos != facts.BosToken ? [eos] : [],
                Arm.Neutral,
                PrefixKind.Eos
            ),
            .. Each(controls[false], Arm.Neutral, PrefixKind.Special),
            .. Each(
                SeededDraw.Draw([.. controls[true]], MostReserved, Seed, "reserved"),
                Arm.Neutral,
                PrefixKind.Reserved
            ),
            .. Each(
                SeededDraw.Draw(ordinary, Count, Seed, "prefix"),
                Arm.Neutral,
                PrefixKind.Ordinary
            ),
        ];

        IEnumerable<ChosenPrefix> Each(IEnumerable<int> ids, Arm arm, PrefixKind kind) =>
            ids.Select(id => new ChosenPrefix(new ArmPrefix(arm, vocabulary.Token(id)), kind));
    }

    private static bool IsControl(TokenKind kind) =>
        kind is TokenKind.Control or TokenKind.Unknown or TokenKind.Unused;

    private static bool IsReserved(IVocabulary vocabulary, int id)
    {
        var name = Encoding.UTF8.GetString(vocabulary.Piece(id).Span);
        return vocabulary.Kind(id) == TokenKind.Unused
            || name.Contains("unused", StringComparison.OrdinalIgnoreCase)
            || name.Contains("reserved", StringComparison.OrdinalIgnoreCase);
    }
}
