namespace EchoRate.Core.Engine;

/// <summary>In which layers and heads a token may not attend to certain positions.</summary>
/// <param name="Kind">Which kind of choice.</param>
/// <param name="Layer">The layer that the kind is about; null for <see cref="CutKind.None"/> and <see cref="CutKind.All"/>.</param>
/// <param name="Head">The head of that layer that <see cref="CutKind.Only"/> and <see cref="CutKind.AllBut"/> are about; null for all of its heads.</param>
public sealed record AttentionCut(CutKind Kind, int? Layer = null, int? Head = null)
{
    /// <summary>The positions in the token's sequence, 0-based and all before its own. The first one where nobody says otherwise.</summary>
    public IReadOnlyList<int> Positions { get; init; } = [0];

    /// <summary>Whether a head of a layer is cut.</summary>
    public bool Applies(int layer, int head) =>
        Kind switch
        {
            CutKind.None => false,
            CutKind.All => true,
            CutKind.From => layer >= Layer,
            CutKind.Upto => layer <= Layer,
            CutKind.Only => IsMeant(layer, head),
            _ => !IsMeant(layer, head),
        };

    private bool IsMeant(int layer, int head) => layer == Layer && (Head is null || head == Head);
}

/// <summary>Kinds of cuts.</summary>
public enum CutKind
{
    /// <summary>Nowhere: read and written back as it was.</summary>
    None,

    /// <summary>In every layer.</summary>
    All,

    /// <summary>In a layer and all behind it.</summary>
    From,

    /// <summary>In a layer and all before it.</summary>
    Upto,

    /// <summary>In one layer, or one head, alone.</summary>
    Only,

    /// <summary>Everywhere but in one layer, or one head.</summary>
    AllBut,
}
