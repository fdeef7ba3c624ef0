using System.Collections;
using EchoRate.Core.Engine;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Items;

/// <summary>Items that are tokens, known by their ids and made when they are asked for: a whole vocabulary costs 4 bytes a token.</summary>
internal sealed class TokenItems(IVocabulary vocabulary, IReadOnlyList<int> ids)
    : IReadOnlyList<ResolvedItem>
{
    public int Count => ids.Count;

    public ResolvedItem this[int index]
    {
        get
        {
            var token = vocabulary.Token(ids[index]);
            return new ResolvedItem(new Item(token.Bytes), token, [token.Id], null);
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
