using EchoRate.Core.Results;

namespace EchoRate.Core.Items;

/// <summary>An item as one file has it.</summary>
/// <param name="Item">The item.</param>
/// <param name="Token">Its token; null where it is not a single one, or does not come back.</param>
/// <param name="Ids">What tokenizing it gives.</param>
/// <param name="Reason">Why there is no token; null where there is one.</param>
/// <param name="IsSampled">Whether the divergence from the reference is computed: always, but for all but a sample of a whole vocabulary.</param>
public readonly record struct ResolvedItem(
    Item Item,
    TokenBytes? Token,
    int[] Ids,
    string? Reason,
    bool IsSampled = true
);
