using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Numbers on which llama.cpp does not refuse a file but ends the process: assertions of llama-model.cpp, of the graphs, and of ggml (v0.4.0).</summary>
internal sealed class HyperparameterChecks(
    GgufMetadata metadata,
    string architecture,
    ProblemList problems
)
{
    private static readonly string[] _ropeScalings = ["none", "linear", "yarn", "longrope"];

    // Graphs that assert that all of a head is rotated, and that keys are as long as values.
    private static readonly HashSet<string> _wholeHeads =
    [
        .. (
            "apertus arcee arctic baichuan chameleon codeshell dbrx deepseek dots1 dream ernie4_5 ernie4_5-moe exaone falcon "
            + "granite granitemoe grok grovemoe hunyuan-moe hunyuan-dense internlm2 llada llada-moe llama llama4 mistral3 olmo olmo2 olmoe "
            + "orion plamo qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3vl qwen3vlmoe rnd1 seed_oss smallthinker smollm3 starcoder2 xverse "
            // Here the tensors' shapes follow from the rotated part alone.
            + "gpt-oss"
        ).Split(' '),
    ];

    internal void Check()
    {
        CheckRopeScaling();
        CheckEpsilon("attention.layer_norm_rms_epsilon");
        CheckEpsilon("attention.layer_norm_epsilon");
        CheckExpertGroups();
        CheckNextLayers();
        CheckHeads("");
        CheckHeads("_swa");
        CheckSlidingLayers();
    }

    private long? Number(string name) => metadata.WholeNumber($"{architecture}.{name}");

    private void CheckRopeScaling()
    {
        var key = $"{architecture}.rope.scaling.type";
        if (metadata.Text(key) is { } scaling && !_ropeScalings.Contains(scaling))
        {
            problems.Error(
                UnknownRopeScaling,
                $"{key} is '{scaling}'; llama.cpp knows {string.Join(", ", _ropeScalings)} and aborts on others."
            );
        }
    }

    private void CheckEpsilon(string name)
    {
        var key = $"{architecture}.{name}";
        if (metadata.Number(key) is { } epsilon && !(epsilon >= 0 && double.IsFinite(epsilon)))
        {
            problems.Error(
                BadEpsilon,
                $"{key} is {epsilon}; llama.cpp aborts on anything but a finite number of at least 0."
            );
        }
    }

    private void CheckExpertGroups()
    {
        var (experts, groups, used) = (
            Number(GgufKeys.ExpertCount) ?? 0,
            Number("expert_group_count") ?? 0,
            Number("expert_group_used_count") ?? 0
        );
        var isSound =
            groups == 0
            || groups > 0
                && groups < experts
                && (groups == 1 || experts % groups == 0 && used > 0 && used < groups);
        if (!isSound)
        {
            problems.Error(
                BadExpertCount,
                $"{architecture}.expert_group_count is {groups} and expert_group_used_count is {used} with {experts} experts: groups must be fewer than the experts, divide them, and some but not all be used; llama.cpp aborts otherwise."
            );
        }
    }

    private void CheckNextLayers()
    {
        if (
            Number("nextn_predict_layers") is { } next
            && Number(GgufKeys.BlockCount) is { } layers
            && (next < 0 || next > layers)
        )
        {
            problems.Error(
                NoLayers,
                $"{architecture}.nextn_predict_layers is {next}; there are {layers} layers, and llama.cpp aborts on more."
            );
        }
    }

    private void CheckHeads(string suffix)
    {
        var (key, value) = (HeadLength("key_length", suffix), HeadLength("value_length", suffix));
        var rotated = Number($"rope.dimension_count{suffix}");
        if (rotated is { } given && (given < 0 || given % 2 != 0 || given > key))
        {
            problems.Error(
                BadRopeDimensions,
                $"{architecture}.rope.dimension_count{suffix} is {given}; an even number of at most {key?.ToString() ?? "the head's length"} is needed, else llama.cpp aborts."
            );
        }
        else if (
            rotated == 0
            && (
                _wholeHeads.Contains(architecture)
                || architecture.StartsWith("gemma", StringComparison.Ordinal)
            )
        )
        {
            problems.Error(
                BadRopeDimensions,
                $"{architecture}.rope.dimension_count{suffix} is 0; llama.cpp never comes to the end of such a file's first batch."
            );
        }
        else if (
            suffix.Length > 0
            && architecture == "gpt-oss"
            && (key != HeadLength("key_length", "") || value != HeadLength("value_length", ""))
        )
        {
            problems.Error(
                BadHeadLength,
                $"gpt-oss needs heads of one length in all layers: those of sliding layers have keys of {key} and values of {value}; llama.cpp aborts otherwise."
            );
        }
        else if (
            suffix.Length == 0
            && _wholeHeads.Contains(architecture)
            && key is not null
            && value is not null
            && (value != key || (rotated ?? key) != key)
        )
        {
            problems.Error(
                BadHeadLength,
                $"{architecture} needs heads of one length, all of it rotated: keys have {key}, values {value}, rotated are {rotated ?? key}; llama.cpp aborts otherwise."
            );
        }
    }

    // With a window, the cache asserts that a layer slides; every n-th layer does not, so of 1 none does.
    private void CheckSlidingLayers()
    {
        var key = $"{architecture}.attention.sliding_window_pattern";
        var pattern = metadata[key];
        var none = pattern switch
        {
            { IsArray: false } => pattern.AsInteger() == 1,
            { ElementType: GgufValueType.Bool } => !pattern.AsSpan<bool>().Contains(true),
            { ElementType: GgufValueType.U32 } => !pattern.AsSpan<uint>().ContainsAnyExcept(0u),
            { ElementType: GgufValueType.I32 } => !pattern.AsSpan<int>().ContainsAnyExcept(0),
            _ => false,
        };
        if (
            none
            && architecture is "gemma2" or "gemma3" or "gpt-oss"
            && Number("attention.sliding_window") is not (null or 0)
        )
        {
            problems.Error(
                NoSlidingLayers,
                $"{key} leaves no layer with the sliding window that the file has; llama.cpp aborts on it."
            );
        }
    }

    // As llama.cpp takes them: the key of sliding layers, else that of all, else an equal share of the embedding.
    private long? HeadLength(string name, string suffix)
    {
        if ((Number($"attention.{name}{suffix}") ?? Number($"attention.{name}")) is { } given)
        {
            return given;
        }
        var first = metadata[$"{architecture}.{GgufKeys.HeadCount}"]?.Integers().FirstOrDefault();
        return first > 0 ? Number(GgufKeys.EmbeddingLength) / first : null;
    }
}
