// Prints the size of every struct that crosses the C interface of llama.cpp by value, the offset of each of its fields,
// and the value of every enumeration constant that the binding uses. One fact per line: "sizeof T n", "offsetof T.f n", "enum E n".
// The C compiler is the witness: tests compare src/EchoRate.Llama/Interop with what it says, not with a second hand-made list.

#include <stddef.h>
#include <stdio.h>

#include "llama.h"

#define SIZE(type) printf("sizeof %s %zu\n", #type, sizeof(struct type))
#define FIELD(type, field) printf("offsetof %s.%s %zu\n", #type, #field, offsetof(struct type, field))
#define VALUE(name) printf("enum %s %d\n", #name, (int)(name))

static void model_params(void) {
    SIZE(llama_model_params);
    FIELD(llama_model_params, devices);
    FIELD(llama_model_params, tensor_buft_overrides);
    FIELD(llama_model_params, n_gpu_layers);
    FIELD(llama_model_params, split_mode);
    FIELD(llama_model_params, load_mode);
    FIELD(llama_model_params, lazy_mode);
    FIELD(llama_model_params, main_gpu);
    FIELD(llama_model_params, tensor_split);
    FIELD(llama_model_params, progress_callback);
    FIELD(llama_model_params, progress_callback_user_data);
    FIELD(llama_model_params, kv_overrides);
    FIELD(llama_model_params, vocab_only);
    FIELD(llama_model_params, check_tensors);
    FIELD(llama_model_params, use_extra_bufts);
    FIELD(llama_model_params, no_host);
    FIELD(llama_model_params, no_alloc);
    FIELD(llama_model_params, load_mtp);
}

static void context_params(void) {
    SIZE(llama_context_params);
    FIELD(llama_context_params, n_ctx);
    FIELD(llama_context_params, n_batch);
    FIELD(llama_context_params, n_ubatch);
    FIELD(llama_context_params, n_seq_max);
    FIELD(llama_context_params, n_rs_seq);
    FIELD(llama_context_params, n_outputs_max);
    FIELD(llama_context_params, n_outputs_max_per_seq);
    FIELD(llama_context_params, n_threads);
    FIELD(llama_context_params, n_threads_batch);
    FIELD(llama_context_params, ctx_type);
    FIELD(llama_context_params, rope_scaling_type);
    FIELD(llama_context_params, pooling_type);
    FIELD(llama_context_params, attention_type);
    FIELD(llama_context_params, flash_attn_type);
    FIELD(llama_context_params, rope_freq_base);
    FIELD(llama_context_params, rope_freq_scale);
    FIELD(llama_context_params, yarn_ext_factor);
    FIELD(llama_context_params, yarn_attn_factor);
    FIELD(llama_context_params, yarn_beta_fast);
    FIELD(llama_context_params, yarn_beta_slow);
    FIELD(llama_context_params, yarn_orig_ctx);
    FIELD(llama_context_params, defrag_thold);
    FIELD(llama_context_params, cb_eval);
    FIELD(llama_context_params, cb_eval_user_data);
    FIELD(llama_context_params, type_k);
    FIELD(llama_context_params, type_v);
    FIELD(llama_context_params, abort_callback);
    FIELD(llama_context_params, abort_callback_data);
    FIELD(llama_context_params, embeddings);
    FIELD(llama_context_params, offload_kqv);
    FIELD(llama_context_params, no_perf);
    FIELD(llama_context_params, op_offload);
    FIELD(llama_context_params, swa_full);
    FIELD(llama_context_params, kv_unified);
    FIELD(llama_context_params, samplers);
    FIELD(llama_context_params, n_samplers);
    FIELD(llama_context_params, ctx_other);
}

static void batch(void) {
    SIZE(llama_batch);
    FIELD(llama_batch, n_tokens);
    FIELD(llama_batch, token);
    FIELD(llama_batch, embd);
    FIELD(llama_batch, pos);
    FIELD(llama_batch, n_seq_id);
    FIELD(llama_batch, seq_id);
    FIELD(llama_batch, logits);
}

static void model_kv_override(void) {
    SIZE(llama_model_kv_override);
    FIELD(llama_model_kv_override, tag);
    FIELD(llama_model_kv_override, key);
    FIELD(llama_model_kv_override, val_i64);
    FIELD(llama_model_kv_override, val_f64);
    FIELD(llama_model_kv_override, val_bool);
    FIELD(llama_model_kv_override, val_str);
}

static void model_quantize_params(void) {
    SIZE(llama_model_quantize_params);
    FIELD(llama_model_quantize_params, nthread);
    FIELD(llama_model_quantize_params, ftype);
    FIELD(llama_model_quantize_params, output_tensor_type);
    FIELD(llama_model_quantize_params, token_embedding_type);
    FIELD(llama_model_quantize_params, allow_requantize);
    FIELD(llama_model_quantize_params, quantize_output_tensor);
    FIELD(llama_model_quantize_params, only_copy);
    FIELD(llama_model_quantize_params, pure);
    FIELD(llama_model_quantize_params, keep_split);
    FIELD(llama_model_quantize_params, dry_run);
    FIELD(llama_model_quantize_params, imatrix);
    FIELD(llama_model_quantize_params, kv_overrides);
    FIELD(llama_model_quantize_params, tt_overrides);
    FIELD(llama_model_quantize_params, prune_layers);
    FIELD(llama_model_quantize_params, max_buf_size);
}

static void model_imatrix_data(void) {
    SIZE(llama_model_imatrix_data);
    FIELD(llama_model_imatrix_data, name);
    FIELD(llama_model_imatrix_data, data);
    FIELD(llama_model_imatrix_data, size);
}

static void model_tensor_buft_override(void) {
    SIZE(llama_model_tensor_buft_override);
    FIELD(llama_model_tensor_buft_override, pattern);
    FIELD(llama_model_tensor_buft_override, buft);
}

static void enumerations(void) {
    VALUE(GGML_LOG_LEVEL_NONE);
    VALUE(GGML_LOG_LEVEL_DEBUG);
    VALUE(GGML_LOG_LEVEL_INFO);
    VALUE(GGML_LOG_LEVEL_WARN);
    VALUE(GGML_LOG_LEVEL_ERROR);
    VALUE(GGML_LOG_LEVEL_CONT);
    VALUE(GGML_BACKEND_DEVICE_TYPE_CPU);
    VALUE(GGML_BACKEND_DEVICE_TYPE_GPU);
    VALUE(GGML_BACKEND_DEVICE_TYPE_IGPU);
    VALUE(GGML_BACKEND_DEVICE_TYPE_ACCEL);
    VALUE(GGML_BACKEND_DEVICE_TYPE_META);
    VALUE(LLAMA_VOCAB_TYPE_NONE);
    VALUE(LLAMA_TOKEN_ATTR_UNKNOWN);
    VALUE(LLAMA_TOKEN_ATTR_UNUSED);
    VALUE(LLAMA_TOKEN_ATTR_NORMAL);
    VALUE(LLAMA_TOKEN_ATTR_CONTROL);
    VALUE(LLAMA_TOKEN_ATTR_USER_DEFINED);
    VALUE(LLAMA_TOKEN_ATTR_BYTE);
    VALUE(LLAMA_FLASH_ATTN_TYPE_AUTO);
    VALUE(LLAMA_FLASH_ATTN_TYPE_DISABLED);
    VALUE(LLAMA_SPLIT_MODE_NONE);
    VALUE(LLAMA_SPLIT_MODE_LAYER);
    VALUE(LLAMA_LOAD_MODE_AUTO);
    VALUE(LLAMA_KV_OVERRIDE_TYPE_INT);
    VALUE(LLAMA_KV_OVERRIDE_TYPE_BOOL);
    VALUE(LLAMA_KV_OVERRIDE_TYPE_STR);
    VALUE(GGML_TYPE_F32);
    VALUE(GGML_TYPE_F16);
    VALUE(GGML_TYPE_BF16);
    VALUE(GGML_TYPE_Q1_0);
    VALUE(GGML_TYPE_Q2_0);
    VALUE(GGML_TYPE_Q4_0);
    VALUE(GGML_TYPE_Q4_1);
    VALUE(GGML_TYPE_Q5_0);
    VALUE(GGML_TYPE_Q5_1);
    VALUE(GGML_TYPE_Q8_0);
    VALUE(GGML_TYPE_Q2_K);
    VALUE(GGML_TYPE_Q3_K);
    VALUE(GGML_TYPE_Q4_K);
    VALUE(GGML_TYPE_Q5_K);
    VALUE(GGML_TYPE_Q6_K);
    VALUE(GGML_TYPE_IQ3_XXS);
    VALUE(GGML_TYPE_IQ3_S);
    VALUE(GGML_TYPE_IQ4_NL);
    VALUE(GGML_TYPE_IQ4_XS);
    VALUE(GGML_TYPE_MXFP4);
    VALUE(GGML_TYPE_COUNT);
    VALUE(LLAMA_FTYPE_ALL_F32);
    VALUE(LLAMA_FTYPE_MOSTLY_F16);
    VALUE(LLAMA_FTYPE_MOSTLY_BF16);
    VALUE(LLAMA_FTYPE_MOSTLY_Q1_0);
    VALUE(LLAMA_FTYPE_MOSTLY_Q2_0);
    VALUE(LLAMA_FTYPE_MOSTLY_Q4_0);
    VALUE(LLAMA_FTYPE_MOSTLY_Q4_1);
    VALUE(LLAMA_FTYPE_MOSTLY_Q5_0);
    VALUE(LLAMA_FTYPE_MOSTLY_Q5_1);
    VALUE(LLAMA_FTYPE_MOSTLY_Q8_0);
    VALUE(LLAMA_FTYPE_MOSTLY_Q2_K);
    VALUE(LLAMA_FTYPE_MOSTLY_Q2_K_S);
    VALUE(LLAMA_FTYPE_MOSTLY_Q3_K_S);
    VALUE(LLAMA_FTYPE_MOSTLY_Q3_K_M);
    VALUE(LLAMA_FTYPE_MOSTLY_Q3_K_L);
    VALUE(LLAMA_FTYPE_MOSTLY_Q4_K_S);
    VALUE(LLAMA_FTYPE_MOSTLY_Q4_K_M);
    VALUE(LLAMA_FTYPE_MOSTLY_Q5_K_S);
    VALUE(LLAMA_FTYPE_MOSTLY_Q5_K_M);
    VALUE(LLAMA_FTYPE_MOSTLY_Q6_K);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ1_S);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ1_M);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ2_XXS);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ2_XS);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ2_S);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ2_M);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ3_XXS);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ3_XS);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ3_S);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ3_M);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ4_NL);
    VALUE(LLAMA_FTYPE_MOSTLY_IQ4_XS);
    VALUE(LLAMA_FTYPE_MOSTLY_TQ1_0);
    VALUE(LLAMA_FTYPE_MOSTLY_TQ2_0);
    VALUE(LLAMA_FTYPE_MOSTLY_MXFP4_MOE);
}

int main(void) {
    model_params();
    context_params();
    batch();
    model_kv_override();
    model_quantize_params();
    model_imatrix_data();
    model_tensor_buft_override();
    enumerations();
    return 0;
}
