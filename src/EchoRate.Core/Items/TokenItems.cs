using System.Collections;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Items;

/// <summary>
/// Items that are tokens, known by their ids and made when they are asked for: a whole vocabulary costs 4 bytes a token. The divergence from the
/// reference is computed for those that are sampled; null for all.
/// </summary>
internal sealed class TokenItems(
    TokenFinder finder,
    IReadOnlyList<int> ids,
    IReadOnlySet<int>? sampled = null
) : IReadOnlyList<ResolvedItem>
{
    public int Count => ids.Count;

    public ResolvedItem this[int index]
    {
        get
        {
            var token = finder.Token(ids[index]);
            return new ResolvedItem(
                new Item(token.Bytes),
                token,
                [],
                null,
                sampled?.Contains(token.Id) ?? true
            );
        }
    }

    public IEnumerator<ResolvedItem> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
