using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Tests.Gguf;

public sealed class ModelCheckTests
{
    [Fact]
    public void A_sound_model_has_no_problems()
    {
        Assert.Empty(SmallModel.Problems(SmallModel.Llama().Bytes()));
        Assert.Empty(SmallModel.Problems(SmallModel.BytePair("qwen3", "qwen2").Bytes()));
        Assert.Empty(SmallModel.Problems(Experts("gpt-oss", 4, 2).Bytes()));
    }

    [Fact]
    public void What_llama_cpp_would_abort_on_or_refuse_is_an_error()
    {
        Errors(
            [NoTokens],
            w => w.Set("tokenizer.ggml.tokens", GgufValue.TextArray(new List<string>()))
        );
        Errors([NoTokens], w => w.Remove("tokenizer.ggml.tokens"));
        Errors([NoTokenizer], w => w.Remove("tokenizer.ggml.model"));
        Errors([NoTokenizer], w => w.With("tokenizer.ggml.model", "no_vocab"));
        Errors(
            [ScoreCount],
            w => w.Set("tokenizer.ggml.scores", GgufValue.NumberArray<float>(new float[4]))
        );
        Errors(
            [TokenTypeCount],
            w => w.Set("tokenizer.ggml.token_type", GgufValue.NumberArray<int>(new int[4]))
        );
        Errors(
            [WrongValueType],
            w => w.Set("tokenizer.ggml.token_type", GgufValue.NumberArray<float>(new float[5]))
        );
        Errors(
            [EmbeddingShape],
            w =>
                w.Set(
                    "tokenizer.ggml.tokens",
                    GgufValue.TextArray([.. SmallModel.Tokens[..4], .. SmallModel.Tokens[5..]])
                ),
            ignoreWarnings: true
        );
        Errors([EmbeddingShape], w => w.With("llama.embedding_length", 8));
        Errors([NoLayers], w => w.With("llama.block_count", 0));
        Errors([NoLayers], w => w.With("llama.block_count", 513));
        Errors([NoLayers], w => w.Remove("llama.block_count"));
        Errors([NoArchitecture], w => w.Remove("general.architecture"));
        Errors(
            [WrongValueType],
            w => w.Set("tokenizer.ggml.bos_token_id", GgufValue.Number<int>(1))
        );
        Errors([WrongValueType, NoTokenizer], w => w.With("tokenizer.ggml.model", 1));
        Errors([NoMerges], w => w.With("tokenizer.ggml.model", "gpt2"), ignoreWarnings: true);
        Errors([NotAModel], w => w.With("general.type", "adapter"));
        Errors([BadExpertCount], w => w.With("llama.expert_count", 4));
        Errors([BadExpertCount], w => w.With("llama.expert_used_count", 4));
        Assert.Equal([BadExpertCount], Codes(SmallModel.Llama("gpt-oss")));
        Assert.Equal([BadExpertCount], Codes(Experts("gpt-oss", 4, 0)));
        Assert.Equal([BadExpertCount], Codes(Experts("qwen3moe", 4, 5)));
        Assert.Equal([BadExpertCount], Codes(Experts("qwen3moe", 513, 5)));
        Assert.Equal(
            [NoTokenEmbedding],
            Codes(
                SmallModel
                    .Keys(new GgufWriter())
                    .AddTensor("t", [1], GgufTensorType.F32, new float[1])
            )
        );
        Assert.Equal([NoTensors], Codes(SmallModel.Keys(new GgufWriter())));
    }

    [Fact]
    public void Numbers_that_llama_cpp_asserts_are_checked_first()
    {
        Errors([UnknownRopeScaling], w => w.With("llama.rope.scaling.type", "su"));
        Errors([BadEpsilon], w => w.With("llama.attention.layer_norm_rms_epsilon", -1f));
        Errors([BadEpsilon], w => w.With("llama.attention.layer_norm_rms_epsilon", float.NaN));
        Errors([BadExpertCount], w => w.With("llama.expert_group_count", 1));
        Errors([NoLayers], w => w.With("llama.nextn_predict_layers", 2));
        Errors([BadHeadLength], w => Heads(w, 2).With("llama.attention.value_length", 1));
        Errors([BadHeadLength], w => Heads(w, 1).With("llama.rope.dimension_count", 2));
        Errors([BadRopeDimensions], w => Heads(w, 1).With("llama.rope.dimension_count", 3));
        Errors([BadRopeDimensions], w => Heads(w, 2).With("llama.rope.dimension_count_swa", 4));
        Assert.Empty(Codes(Heads(SmallModel.Llama(), 2).With("llama.rope.dimension_count", 2)));
        // Partial rotation is the usual thing for architectures that do not assert.
        Assert.Empty(
            Codes(
                SmallModel
                    .Llama("phi2")
                    .With("phi2.attention.head_count", 1)
                    .With("phi2.rope.dimension_count", 2)
            )
        );
    }

    // Each was seen: the first two ended the process, the last two never came back.
    [Fact]
    public void Layers_with_a_sliding_window_are_checked_too()
    {
        GgufWriter Sliding(string architecture) =>
            SmallModel
                .Llama(architecture)
                .With($"{architecture}.attention.head_count", 2)
                .With($"{architecture}.attention.key_length", 2)
                .With($"{architecture}.attention.value_length", 2)
                .With($"{architecture}.attention.sliding_window", 64);
        void Sound(GgufWriter writer) =>
            Assert.DoesNotContain(
                Codes(writer),
                code => code is BadHeadLength or NoSlidingLayers or BadRopeDimensions
            );

        foreach (var name in new[] { "key_length_swa", "value_length_swa" })
        {
            var key = $"gpt-oss.attention.{name}";
            Sound(Sliding("gpt-oss").With(key, 2));
            Assert.Contains(BadHeadLength, Codes(Sliding("gpt-oss").With(key, 1)));
        }
        foreach (var architecture in new[] { "gemma2", "gemma3", "gpt-oss" })
        {
            var key = $"{architecture}.attention.sliding_window_pattern";
            Sound(Sliding(architecture).With(key, 2));
            Assert.Contains(NoSlidingLayers, Codes(Sliding(architecture).With(key, 1)));
            Assert.Contains(
                NoSlidingLayers,
                Codes(Sliding(architecture).Add(key, GgufValue.NumberArray<bool>([false])))
            );
            Sound(Sliding(architecture).Add(key, GgufValue.NumberArray<bool>([true])));
        }
        foreach (var name in new[] { "dimension_count", "dimension_count_swa" })
        {
            var key = $"gemma3.rope.{name}";
            Sound(Sliding("gemma3").With(key, 2));
            Assert.Contains(BadRopeDimensions, Codes(Sliding("gemma3").With(key, 0)));
        }
    }

    [Fact]
    public void Tensors_that_ggml_cannot_calculate_with_are_errors()
    {
        foreach (
            var (code, name, shape, type, bytes) in new (
                GgufProblemCode,
                string,
                long[],
                GgufTensorType,
                int
            )[]
            {
                (VectorNotF32, "attn_norm.weight", [4], GgufTensorType.F16, 8),
                (VectorNotF32, "ffn_down_exps.bias", [4, 2], GgufTensorType.F16, 16),
                (BadDimensions, "ffn_up_exps.weight", [4, 2, 2, 2], GgufTensorType.F32, 128),
                (TensorTypeUnusable, "ffn_up.weight", [4, 2], GgufTensorType.I32, 32),
                (TensorTypeUnusable, "ffn_up.weight", [256, 2], GgufTensorType.Q8_K, 584),
            }
        )
        {
            Errors([code], w => w.AddTensor($"blk.0.{name}", shape, type, new byte[bytes]));
        }
    }

    [Fact]
    public void Texts_that_a_vocabulary_may_not_have_are_errors()
    {
        Errors([DuplicateToken], w => Token(w, 4, "▁a"));
        // Read as a C string, it is one.
        Errors([DuplicateToken], w => Token(w, 4, "▁a\0b"));
        Errors([NoByteTokens], w => Token(w, 5, "x"), ignoreWarnings: true);
        Errors([BadByteToken, NoByteTokens], w => Token(w, 260, "<0xFG>"));
        // Two empty texts are no duplicates: llama.cpp names them by their ids.
        Assert.Empty(Codes(Token(Token(SmallModel.Llama(), 3, ""), 4, "")));
    }

    private static GgufWriter Heads(GgufWriter writer, uint count) =>
        writer.With("llama.attention.head_count", count);

    // Token 5 is the byte 0; a text of another kind is an ordinary token.
    private static GgufWriter Token(GgufWriter writer, int id, string text)
    {
        string[] tokens = [.. SmallModel.Tokens];
        var types = Enumerable.Range(0, tokens.Length).Select(i => i < 6 ? 1 : 6).ToArray();
        tokens[id] = text;
        return writer
            .Set("tokenizer.ggml.tokens", GgufValue.TextArray(tokens))
            .Set("tokenizer.ggml.token_type", GgufValue.NumberArray<int>(types));
    }

    [Fact]
    public void Experts_used_may_differ_by_layer() =>
        Assert.Empty(
            Codes(
                Experts("qwen3moe", 4, 1)
                    .Set("qwen3moe.expert_used_count", GgufValue.NumberArray<uint>([0, 4]))
            )
        );

    private static GgufWriter Experts(string architecture, uint count, uint used) =>
        SmallModel
            .Llama(architecture)
            .With($"{architecture}.expert_count", count)
            .With($"{architecture}.expert_used_count", used);

    private static void Errors(
        GgufProblemCode[] codes,
        Action<GgufWriter> bend,
        bool ignoreWarnings = false
    )
    {
        var writer = SmallModel.Llama();
        bend(writer);
        var problems = SmallModel
            .Problems(writer.Bytes())
            .Where(p => !ignoreWarnings || p.Severity == GgufSeverity.Error);
        Assert.Equal(codes, problems.Select(p => p.Code));
        Assert.Contains(problems, p => p.Severity == GgufSeverity.Error);
    }

    private static IEnumerable<GgufProblemCode> Codes(GgufWriter writer) =>
        SmallModel.Problems(writer.Bytes()).Select(p => p.Code);
}
