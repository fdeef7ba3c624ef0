// The peer of scripts/bench: the least that measuring lone tokens takes. It decodes batches of one-token sequences on the same llama.cpp
// and does a full softmax over the vocabulary: no rows, no files, no checks.
//
// usage: decode-loop MODEL.gguf ROWS WIDTH THREADS    prints rows per second, and of those of decoding alone
//
// llama.cpp's headers are not needed: what crosses by value is declared here, as LLamaSharp 0.30.0's library lays it out.
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

extern "C" {
struct llama_model;
struct llama_context;
struct llama_vocab;
typedef struct llama_memory_i * llama_memory_t;
typedef int32_t llama_token;

struct llama_model_params {
    void * devices;
    const void * tensor_buft_overrides;
    int32_t n_gpu_layers, split_mode, load_mode, main_gpu;
    const float * tensor_split;
    void * progress_callback;
    void * progress_callback_user_data;
    const void * kv_overrides;
    bool vocab_only, check_tensors, use_extra_bufts, no_host, no_alloc, load_mtp;
};

struct llama_context_params {
    uint32_t n_ctx, n_batch, n_ubatch, n_seq_max, n_rs_seq, n_outputs_max;
    int32_t n_threads, n_threads_batch;
    int32_t ctx_type, rope_scaling_type, pooling_type, attention_type, flash_attn_type;
    float rope_freq_base, rope_freq_scale;
    float yarn_ext_factor, yarn_attn_factor, yarn_beta_fast, yarn_beta_slow;
    uint32_t yarn_orig_ctx;
    float defrag_thold;
    void * cb_eval;
    void * cb_eval_user_data;
    int32_t type_k, type_v;
    void * abort_callback;
    void * abort_callback_data;
    bool embeddings, offload_kqv, no_perf, op_offload, swa_full, kv_unified;
    void * samplers;
    size_t n_samplers;
    llama_context * ctx_other;
};

struct llama_batch {
    int32_t n_tokens;
    llama_token * token;
    float * embd;
    int32_t * pos;
    int32_t * n_seq_id;
    int32_t ** seq_id;
    int8_t * logits;
};

void llama_log_set(void (*callback)(int, const char *, void *), void * user_data);
llama_model_params llama_model_default_params();
llama_context_params llama_context_default_params();
llama_model * llama_model_load_from_file(const char * path, llama_model_params params);
llama_context * llama_init_from_model(llama_model * model, llama_context_params params);
const llama_vocab * llama_model_get_vocab(const llama_model * model);
int32_t llama_vocab_n_tokens(const llama_vocab * vocab);
llama_memory_t llama_get_memory(const llama_context * context);
bool llama_memory_seq_rm(llama_memory_t memory, int32_t sequence, int32_t from, int32_t to);
llama_batch llama_batch_init(int32_t tokens, int32_t embd, int32_t sequences);
int32_t llama_decode(llama_context * context, llama_batch batch);
float * llama_get_logits_ith(llama_context * context, int32_t index);
}

static_assert(sizeof(llama_model_params) == 72, "llama_model_params is of another release");
static_assert(sizeof(llama_context_params) == 160, "llama_context_params is of another release");

// Log-sum-exp, most likely token, rank of the scored one: three plain loops that a compiler makes vectors of.
static double softmax(const float * logits, int count, int scored) {
    float largest = logits[0];
    for (int i = 1; i < count; i++) {
        largest = logits[i] > largest ? logits[i] : largest;
    }
    const float own = logits[scored];
    float sum = 0;
    int rank = 0;
    for (int i = 0; i < count; i++) {
        sum += std::exp(logits[i] - largest);
        rank += logits[i] >= own;
    }
    int top = 0;
    while (logits[top] != largest) {
        top++;
    }
    return std::log((double) sum) + largest + top + rank;
}

static double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static int fail(const char * what) {
    std::fprintf(stderr, "decode-loop: %s\n", what);
    return 1;
}

int main(int argc, char ** argv) {
    if (argc != 5) {
        return fail("usage: decode-loop MODEL.gguf ROWS WIDTH THREADS");
    }
    const int rows = std::atoi(argv[2]), width = std::atoi(argv[3]), threads = std::atoi(argv[4]);
    llama_log_set([](int, const char *, void *) {}, nullptr);

    void * none[] = {nullptr};
    auto model_params = llama_model_default_params();
    model_params.devices = none;
    model_params.n_gpu_layers = 0;
    llama_model * model = llama_model_load_from_file(argv[1], model_params);
    if (!model) {
        return fail("the model cannot be loaded");
    }
    auto params = llama_context_default_params();
    if (params.n_ctx != 512 || params.n_threads != params.n_threads_batch || params.defrag_thold != -1) {
        return fail("this llama.cpp is of another release");
    }
    const int batch_size = width > 512 ? width : 512;
    params.n_ctx = batch_size + 1;
    params.n_batch = params.n_ubatch = batch_size;
    params.n_seq_max = params.n_outputs_max = width;
    params.n_threads = params.n_threads_batch = threads;
    params.type_k = params.type_v = 0; // F32
    params.flash_attn_type = 0;
    params.swa_full = params.kv_unified = params.no_perf = true;
    params.offload_kqv = params.op_offload = false;
    llama_context * context = llama_init_from_model(model, params);
    if (!context) {
        return fail("there is no context");
    }

    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    llama_memory_t memory = llama_get_memory(context);
    llama_batch batch = llama_batch_init(width, 0, 1);
    std::vector<double> scores(width);
    double decoding = 0, sum = 0;
    const double start = seconds();
    for (int done = 0; done < rows; done += width) {
        for (int i = 0; i < width; i++) {
            if (done > 0) {
                llama_memory_seq_rm(memory, i, 0, -1);
            }
            batch.token[i] = (int) ((int64_t) (done + i) * (vocabulary - 1) / rows) % vocabulary;
            batch.pos[i] = 0;
            batch.n_seq_id[i] = 1;
            batch.seq_id[i][0] = i;
            batch.logits[i] = 1;
        }
        batch.n_tokens = width;
        const double before = seconds();
        if (llama_decode(context, batch) != 0) {
            return fail("a batch cannot be decoded");
        }
        const float * first = llama_get_logits_ith(context, 0);
        decoding += seconds() - before;

        const auto read = [&](int from) {
            for (int i = from; i < width; i += threads) {
                scores[i] = softmax(first + (size_t) i * vocabulary, vocabulary, batch.token[i]);
            }
        };
        std::vector<std::thread> others;
        for (int thread = 1; thread < threads; thread++) {
            others.emplace_back(read, thread);
        }
        read(0);
        for (auto & other : others) {
            other.join();
        }
        for (const double score : scores) {
            sum += score;
        }
    }
    const double all = seconds() - start;
    const int measured = (rows + width - 1) / width * width;
    std::printf("%.1f rows/s, decoding alone %.1f rows/s, scores %.3f\n", measured / all, measured / decoding, sum);
    return 0;
}
