using EchoRate.Core.Tokens;

namespace EchoRate.Core.Items;

/// <summary>A named set of items that does not depend on the model: the published words, or a user's file.</summary>
/// <param name="Name">The set's name in the column <c>item_set</c>.</param>
/// <param name="Items">The items, in order.</param>
public sealed record ItemSet(string Name, IReadOnlyList<Item> Items)
{
    /// <summary>The items as a file has them, in order.</summary>
    public IReadOnlyList<ResolvedItem> Resolve(TokenFinder finder) =>
        [.. Items.Select(item => Resolve(item, finder.Find(item.Bytes)))];

    private static ResolvedItem Resolve(Item item, FoundToken found) =>
        new(item, found.Token, found.Ids, found.Reason);
}
