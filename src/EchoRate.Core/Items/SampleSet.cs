using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Items;

/// <summary>
/// <c>sample:N</c>: words drawn from the file's own vocabulary by id, so that no tokenizer stands between; the same for every file with the
/// same vocabulary. Where there are fewer words than asked for, all are taken, and the set keeps its name.
/// </summary>
public sealed record SampleSet(int Count, int Seed) : ItemSet($"sample:{Count}")
{
    public override int MostItems(ModelFacts facts) =>
        Math.Min(Count, facts.VocabularySize ?? Count);

    public override IReadOnlyList<ResolvedItem> Resolve(
        IVocabulary vocabulary,
        TokenFinder finder
    ) =>
        new TokenItems(
            finder,
            SeededDraw.Draw(OrdinaryTokens.Words(vocabulary), Count, Seed, "sample")
        );
}

/// <summary><c>all</c>: every ordinary token of the file's vocabulary. The divergence from the reference is computed on a sample.</summary>
public sealed record AllSet(int Seed = 0) : ItemSet(SetName)
{
    /// <summary>The set's name.</summary>
    public const string SetName = "all";

    /// <summary>Tokens whose divergence from the reference is computed: a logit of each for every token of the vocabulary goes to disk.</summary>
    public const int DivergenceSample = 500;

    public override int MostItems(ModelFacts facts) => facts.VocabularySize ?? 0;

    public override int MostSampled(ModelFacts facts) =>
        Math.Min(DivergenceSample, MostItems(facts));

    public override IReadOnlyList<ResolvedItem> Resolve(IVocabulary vocabulary, TokenFinder finder)
    {
        var ids = OrdinaryTokens.Ids(vocabulary);
        return new TokenItems(
            finder,
            ids,
            SeededDraw.Draw(ids, DivergenceSample, Seed, "divergence").ToHashSet()
        );
    }
}

/// <summary>
/// <c>common:N</c>: words drawn from those that are one token in every model of the run, for comparing families. Found in each vocabulary
/// by their bytes; no tokenizer stands between.
/// </summary>
public sealed record CommonSet(int Count, IReadOnlyList<byte[]> Words) : ItemSet($"common:{Count}")
{
    /// <summary>Draws the words from those that all vocabularies of a run share, in an order that does not depend on any of them.</summary>
    public static CommonSet Draw(int count, int seed, IReadOnlyList<byte[]> shared) =>
        new(count, SeededDraw.Draw(shared, count, seed, "common"));

    public override int MostItems(ModelFacts facts) => Words.Count;

    public override IReadOnlyList<ResolvedItem> Resolve(
        IVocabulary vocabulary,
        TokenFinder finder
    ) =>
        [
            .. Words.Select(word =>
                finder.FindBytes(word) is { } id
                    ? new ResolvedItem(new Item(word), finder.Token(id), [id], null)
                    : new ResolvedItem(
                        new Item(word),
                        null,
                        [],
                        "no token of this vocabulary has these bytes"
                    )
            ),
        ];
}
