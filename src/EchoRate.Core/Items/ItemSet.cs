using System.Text.Json.Serialization;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Items;

/// <summary>A named set of items.</summary>
/// <param name="Name">The set's name in the column <c>item_set</c>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "set")]
[JsonDerivedType(typeof(WordSet), "words")]
[JsonDerivedType(typeof(SampleSet), "sample")]
[JsonDerivedType(typeof(AllSet), "all")]
[JsonDerivedType(typeof(CommonSet), "common")]
public abstract record ItemSet(string Name)
{
    /// <summary>Most items that the set has for a file; what a run plans with, before the file is loaded.</summary>
    public abstract int MostItems(ModelFacts facts);

    /// <summary>Of those, how many at most whose divergence from the reference is computed.</summary>
    public virtual int MostSampled(ModelFacts facts) => MostItems(facts);

    /// <summary>The items as a file has them, in order.</summary>
    public abstract IReadOnlyList<ResolvedItem> Resolve(IVocabulary vocabulary, TokenFinder finder);
}

/// <summary>Items that do not depend on the model: the published words, or a user's file. A tokenizer confirms each.</summary>
public sealed record WordSet(string Name, IReadOnlyList<Item> Items) : ItemSet(Name)
{
    public override int MostItems(ModelFacts facts) => Items.Count;

    public override IReadOnlyList<ResolvedItem> Resolve(
        IVocabulary vocabulary,
        TokenFinder finder
    ) => [.. Items.Select(item => Resolve(item, finder.Find(item.Bytes)))];

    private static ResolvedItem Resolve(Item item, FoundToken found) =>
        new(item, found.Token, found.Ids, found.Reason);
}
