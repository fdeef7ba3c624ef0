namespace EchoRate.Machine.Planning;

/// <summary>How so many layers are dealt to GPUs; each takes a run of them, in order.</summary>
internal static class LayerSplit
{
    /// <summary>By given parts, as llama.cpp deals by its tensor_split: layer k of n goes to the first GPU up to which the parts add up to more than k ÷ n.</summary>
    public static int[] ByParts(int layers, IReadOnlyList<float> parts)
    {
        var counts = new int[parts.Count];
        var sums = new float[parts.Count];
        var sum = 0f;
        for (var i = 0; i < parts.Count; i++)
        {
            sums[i] = sum += parts[i];
        }
        for (var layer = 0; layer < layers; layer++)
        {
            var device = Array.FindIndex(sums, upTo => upTo / sum > (float)layer / layers);
            counts[device < 0 ? parts.Count - 1 : device]++;
        }
        return counts;
    }

    /// <summary>To every GPU as many as it can take, one after the other; null where that is not all of them.</summary>
    /// <param name="layers">Layers in all.</param>
    /// <param name="gpus">GPUs.</param>
    /// <param name="fits">Whether a GPU takes a run of layers: which GPU, layers before it, its layers. More layers never fit better.</param>
    public static int[]? Greedy(int layers, int gpus, Func<int, int, int, bool> fits)
    {
        var counts = new int[gpus];
        var dealt = 0;
        for (var gpu = 0; gpu < gpus && dealt < layers; gpu++)
        {
            var (least, most) = (0, layers - dealt);
            while (least < most)
            {
                var middle = (least + most + 1) / 2;
                (least, most) = fits(gpu, dealt, middle) ? (middle, most) : (least, middle - 1);
            }
            counts[gpu] = least;
            dealt += least;
        }
        return dealt == layers ? counts : null;
    }
}
