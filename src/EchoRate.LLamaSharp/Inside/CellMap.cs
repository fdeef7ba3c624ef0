namespace EchoRate.LLamaSharp.Inside;

/// <summary>
/// In which cell of a layer's cache each position of each sequence stands. llama.cpp tells nobody, and layers with a sliding window have a cache of
/// their own: it is found out from what the mask lets each token see (<see cref="Attention"/>).
/// </summary>
internal sealed class CellMap(int layerCount, int sequenceCount)
{
    private readonly List<int>[] _cells =
    [
        .. Enumerable.Range(0, layerCount * sequenceCount).Select(_ => new List<int>()),
    ];

    /// <summary>The cells of a sequence by position, as far as they are known.</summary>
    internal List<int> Of(int layer, int sequence) => _cells[(layer * sequenceCount) + sequence];

    internal void Clear()
    {
        foreach (var cells in _cells)
        {
            cells.Clear();
        }
    }

    /// <summary>A sequence that was copied into an empty one: both share its cells.</summary>
    internal void Copy(int source, int destination)
    {
        for (var layer = 0; layer < layerCount; layer++)
        {
            Of(layer, destination).AddRange(Of(layer, source));
        }
    }

    /// <summary>A sequence that was cut back to a length.</summary>
    internal void Truncate(int sequence, int length)
    {
        for (var layer = 0; layer < layerCount; layer++)
        {
            var cells = Of(layer, sequence);
            cells.RemoveRange(Math.Min(length, cells.Count), Math.Max(0, cells.Count - length));
        }
    }
}
