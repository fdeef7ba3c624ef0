using System.Globalization;
using System.Text.RegularExpressions;
using EchoRate.Gguf;

namespace EchoRate.Machine.Planning;

/// <content>How it is read from a header.</content>
public sealed partial record ModelShape
{
    /// <summary>The shape of a file, of a split one all parts, whose header was read.</summary>
    public static ModelShape From(GgufFile file, string name)
    {
        var keys = new Keys(file);
        var tensors = file.Tensors.ToLookup(BlockOf);
        var count = Math.Max(keys.Blocks, tensors.Max(group => group.Key) + 1);
        var values = tensors
            .Where(group => group.Key >= 0)
            .Select(group => Rows(group, "attn_v.weight"))
            .DefaultIfEmpty(null)
            .Max();
        var (input, output) = Ends(tensors[-1]);
        var embedding = file.Tensor("token_embd.weight")?.ByteCount ?? 0;
        var isTied = file.Tensor("output.weight") is null;
        return new ModelShape
        {
            Name = name,
            Blocks = [.. Enumerable.Range(0, count).Select(i => Block(tensors[i], keys, values))],
            InputBytes = input,
            OutputBytes = output + (isTied ? embedding : 0),
            TiedBytes = isTied ? embedding : 0,
            VocabularySize = file.Tensor("token_embd.weight")?.Dimensions.Last() ?? 0,
            Width = keys.Width,
            FeedForwardWidth = keys.FeedForwardWidth,
            Heads = keys.Heads,
            HeadWidth = keys.HeadWidth,
        };
    }

    // Without flash attention values are stored across, and every layer has room for the widest (llama-kv-cache.cpp, n_embd_v_gqa_max).
    private static LayerShape Block(
        IEnumerable<GgufTensorInfo> block,
        Keys keys,
        long? widestValues
    )
    {
        var tensors = block.ToLookup(tensor => IsExperts().IsMatch(tensor.Name));
        var keyRows = Rows(block, "attn_k.weight");
        return new LayerShape
        {
            DenseBytes = tensors[false].Sum(tensor => tensor.ByteCount),
            ExpertBytes = tensors[true].Sum(tensor => tensor.ByteCount),
            LargestDenseBytes = Largest(tensors[false]),
            LargestExpertBytes = Largest(tensors[true]),
            CacheBytesPerToken =
                sizeof(float)
                * (
                    keyRows is { } rows && widestValues is { } widest
                        ? rows + widest
                        : 2 * keys.KeyHeads * keys.HeadWidth
                ),
        };
    }

    private static long Largest(IEnumerable<GgufTensorInfo> tensors) =>
        tensors.Select(tensor => tensor.ByteCount).DefaultIfEmpty(0).Max();

    private static long? Rows(IEnumerable<GgufTensorInfo> block, string ending) =>
        block
            .FirstOrDefault(tensor => tensor.Name.EndsWith(ending, StringComparison.Ordinal))
            ?.Dimensions.Last();

    // What llama.cpp calls the output layer (llama-arch.cpp, LLM_TENSOR_LAYER_OUTPUT) are output.*, output_norm.* and heads of classifiers.
    private static (long Input, long Output) Ends(IEnumerable<GgufTensorInfo> tensors)
    {
        var ends = tensors.ToLookup(tensor =>
            tensor.Name.StartsWith("output", StringComparison.Ordinal)
            || tensor.Name.StartsWith("cls", StringComparison.Ordinal)
        );
        return (
            ends[false].Sum(tensor => tensor.ByteCount),
            ends[true].Sum(tensor => tensor.ByteCount)
        );
    }

    private static int BlockOf(GgufTensorInfo tensor) =>
        BlockNumber().Match(tensor.Name) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, null, out var index)
            ? index
            : -1;

    [GeneratedRegex(@"^blk\.(\d{1,6})\.")]
    private static partial Regex BlockNumber();

    // As llama.cpp's --cpu-moe takes them (common/common.h, LLM_FFN_EXPS_REGEX), biases included.
    [GeneratedRegex(@"\.ffn_(up|down|gate|gate_up)_(ch|)exps")]
    private static partial Regex IsExperts();

    // A key may hold one figure for all blocks, or one for each: the largest is taken.
    private sealed class Keys(GgufFile file)
    {
        private readonly string _architecture = file.Metadata.Text("general.architecture") ?? "";

        public int Blocks => (int)Math.Clamp(Largest("block_count") ?? 0, 0, 100_000);

        public long Width => Largest("embedding_length") ?? 0;

        public long Heads => Largest("attention.head_count") ?? 1;

        public long KeyHeads => Largest("attention.head_count_kv") ?? Heads;

        public long HeadWidth =>
            Math.Max(
                Largest("attention.key_length") ?? Width / Math.Max(1, Heads),
                Largest("attention.value_length") ?? 0
            );

        public long FeedForwardWidth =>
            Math.Max(
                Largest("feed_forward_length") ?? 0,
                (Largest("expert_used_count") ?? 0)
                    * (Largest("expert_feed_forward_length") ?? Largest("feed_forward_length") ?? 0)
            );

        private long? Largest(string key) =>
            file.Metadata[$"{_architecture}.{key}"]?.Integers().Cast<long?>().Max();
    }
}
