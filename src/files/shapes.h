/* The shape functions that the table of operators names, and those that families share. */
#ifndef CNN_FILES_SHAPES_H
#define CNN_FILES_SHAPES_H

#include "files/infer.h"

/* elementwise */
bool cnn_infer_same(cnn_call *c);     /* every output is as large as input 0 */
bool cnn_infer_first(cnn_call *c);    /* the first output is */
bool cnn_infer_any(cnn_call *c);      /* nothing is known */
bool cnn_infer_identity(cnn_call *c); /* the value itself, a sequence too */
bool cnn_infer_quantize(cnn_call *c);
bool cnn_infer_cast(cnn_call *c);      /* "to" is the type */
bool cnn_infer_broadcast(cnn_call *c); /* of all inputs */
bool cnn_infer_binary(cnn_call *c);    /* of the first two, with the rules before opset 7 */
bool cnn_infer_prelu(cnn_call *c);
bool cnn_infer_along(cnn_call *c);
bool cnn_infer_batchnorm(cnn_call *c);
bool cnn_infer_channelnorm(cnn_call *c);
bool cnn_infer_groupnorm(cnn_call *c);
bool cnn_infer_layernorm(cnn_call *c);
bool cnn_infer_skipnorm(cnn_call *c);
bool cnn_infer_dropout(cnn_call *c);
bool cnn_infer_dynamic(cnn_call *c); /* DynamicQuantizeLinear */
bool cnn_infer_qbinary(cnn_call *c); /* QLinearAdd and its like */

/* windows */
bool cnn_infer_conv(cnn_call *c);
bool cnn_infer_transposed(cnn_call *c);
bool cnn_infer_pool(cnn_call *c);
bool cnn_infer_global(cnn_call *c);
bool cnn_infer_unpool(cnn_call *c);
bool cnn_infer_roi_pool(cnn_call *c);
bool cnn_infer_roi_align(cnn_call *c);
bool cnn_infer_col2im(cnn_call *c);

/* resampling */
bool cnn_infer_resize(cnn_call *c);
bool cnn_infer_upsample(cnn_call *c);
bool cnn_infer_pad(cnn_call *c);
bool cnn_infer_depth_to_space(cnn_call *c);
bool cnn_infer_space_to_depth(cnn_call *c);
bool cnn_infer_grid_sample(cnn_call *c);
bool cnn_infer_affine_grid(cnn_call *c);
bool cnn_infer_center_crop(cnn_call *c);

/* products */
bool cnn_infer_gemm(cnn_call *c);
bool cnn_infer_matmul(cnn_call *c);
bool cnn_infer_matmul_bits(cnn_call *c);
bool cnn_infer_einsum(cnn_call *c);
bool cnn_infer_recurrent(cnn_call *c);
bool cnn_infer_det(cnn_call *c);
bool cnn_infer_attention(cnn_call *c);
bool cnn_infer_attention_ms(cnn_call *c);

/* arrangement */
bool cnn_infer_reshape(cnn_call *c);
bool cnn_infer_flatten(cnn_call *c);
bool cnn_infer_transpose(cnn_call *c);
bool cnn_infer_squeeze(cnn_call *c);
bool cnn_infer_unsqueeze(cnn_call *c);
bool cnn_infer_expand(cnn_call *c);
bool cnn_infer_tile(cnn_call *c);
bool cnn_infer_concat(cnn_call *c);
bool cnn_infer_split(cnn_call *c);
bool cnn_infer_slice(cnn_call *c);
bool cnn_infer_gather(cnn_call *c);
bool cnn_infer_gather_elements(cnn_call *c);
bool cnn_infer_gather_nd(cnn_call *c);
bool cnn_infer_reduce(cnn_call *c);
bool cnn_infer_arg(cnn_call *c);
bool cnn_infer_topk(cnn_call *c);
bool cnn_infer_expand_dims(cnn_call *c);
bool cnn_infer_compress(cnn_call *c);
bool cnn_infer_one_hot(cnn_call *c);

/* values */
bool cnn_infer_constant(cnn_call *c);
bool cnn_infer_filled(cnn_call *c); /* ConstantOfShape */
bool cnn_infer_shape(cnn_call *c);
bool cnn_infer_scalar(cnn_call *c);
bool cnn_infer_range(cnn_call *c);
bool cnn_infer_random(cnn_call *c);
bool cnn_infer_multinomial(cnn_call *c);
bool cnn_infer_nonzero(cnn_call *c);
bool cnn_infer_nms(cnn_call *c);
bool cnn_infer_unique(cnn_call *c);
bool cnn_infer_like(cnn_call *c);   /* EyeLike and others: as input 0, a type of its own */
bool cnn_infer_window(cnn_call *c); /* HannWindow and others */
bool cnn_infer_mel(cnn_call *c);
bool cnn_infer_dft(cnn_call *c);
bool cnn_infer_stft(cnn_call *c);
bool cnn_infer_loss(cnn_call *c);
bool cnn_infer_tfidf(cnn_call *c);

/* control: branches, loops, lists */
bool cnn_infer_if(cnn_call *c);
bool cnn_infer_loop(cnn_call *c);
bool cnn_infer_scan(cnn_call *c);
bool cnn_infer_sequence(cnn_call *c);
bool cnn_infer_sequence_empty(cnn_call *c);
bool cnn_infer_sequence_at(cnn_call *c);
bool cnn_infer_sequence_insert(cnn_call *c);
bool cnn_infer_sequence_erase(cnn_call *c);
bool cnn_infer_sequence_length(cnn_call *c);
bool cnn_infer_sequence_split(cnn_call *c);
bool cnn_infer_sequence_concat(cnn_call *c);
bool cnn_infer_optional(cnn_call *c);
bool cnn_infer_optional_has(cnn_call *c);

/* folding: elements of the output from those of the inputs */
bool cnn_fold_binary(cnn_call *c);
bool cnn_fold_unary(cnn_call *c);
bool cnn_fold_cast(cnn_call *c);
bool cnn_fold_same(cnn_call *c);
bool cnn_fold_where(cnn_call *c);
bool cnn_fold_variadic(cnn_call *c);
bool cnn_fold_shape(cnn_call *c);
bool cnn_fold_size(cnn_call *c);
bool cnn_fold_range(cnn_call *c);
bool cnn_fold_filled(cnn_call *c);
bool cnn_fold_transpose(cnn_call *c);
bool cnn_fold_expand(cnn_call *c);
bool cnn_fold_tile(cnn_call *c);
bool cnn_fold_concat(cnn_call *c);
bool cnn_fold_split(cnn_call *c);
bool cnn_fold_slice(cnn_call *c);
bool cnn_fold_gather(cnn_call *c);
bool cnn_fold_reduce(cnn_call *c);
bool cnn_fold_scatter_nd(cnn_call *c);
bool cnn_fold_nonzero(cnn_call *c);

/* shared by them */

/* Room for the elements of output `i`; NULL: its size is not known, or too large. */
cnn_number *cnn_fold_room_for(cnn_call *c, int32_t i, int64_t *count);

/* Gives output `i` its elements. */
bool cnn_fold_keep(cnn_call *c, int32_t i, const cnn_number *data);
bool cnn_fold_is_real(const cnn_value *value);

/* Values of a type are no finer or larger than it holds. False: it does not hold this one. */
bool cnn_fold_fit_type(int32_t type, cnn_number *number);

/* costs: multiply-accumulates of a call */
bool cnn_cost_conv(cnn_call *c);
bool cnn_cost_transposed(cnn_call *c);
bool cnn_cost_gemm(cnn_call *c);
bool cnn_cost_matmul(cnn_call *c);
bool cnn_cost_matmul_bits(cnn_call *c);
bool cnn_cost_recurrent(cnn_call *c);
bool cnn_cost_einsum(cnn_call *c);
bool cnn_cost_attention(cnn_call *c);
bool cnn_cost_unknown(cnn_call *c); /* it may cost something */

/* ---- shared by families ---- */

/* Graphs that are attributes. Working through one gives `out` the values of its first outputs. */
cnn_onnx_graph *cnn_graph_of(cnn_call *c, const char *name);
bool cnn_fail_graph(cnn_call *c, const char *name);
bool cnn_run_body(cnn_call *c, cnn_onnx_graph *graph, cnn_value *const *inputs, int32_t ins,
                  cnn_value *out, int32_t outs);

/* Values of which nothing is known; NULL: the arena is too small. */
cnn_value *cnn_some_values(cnn_call *c, int32_t count);

/* Leaves of `a` what is the same in both. */
void cnn_value_merge(cnn_value *a, const cnn_value *b);

/* The node's outputs are copies of `values`, under their own names. */
void cnn_give_outputs(cnn_call *c, const cnn_value *values);

/* The common shape of two; false: they do not fit. Unknown sizes give way to sizes above 1. */
bool cnn_sizes_broadcast(const cnn_sizes *a, const cnn_sizes *b, cnn_sizes *out);

/* Axes of an attribute or, from some opset on, of input `from`. *count CNN_SOME: none are given.
 * *known false: they are computed. */
bool cnn_axes(cnn_call *c, int32_t from, int32_t rank, int32_t *axes, int32_t *count, bool *known);

/* The size that a MatMul sums over, of its left operand. */
int64_t cnn_matmul_inner(const cnn_call *c);

/* Of a Slice whose shape is known: where it begins along each axis of its input, and its steps. */
void cnn_slice_places(cnn_call *c, int64_t *first, int64_t *step);

/* What a Pad adds before and after each axis of its input. *known false: that is computed. */
bool cnn_pad_ends(cnn_call *c, int64_t *low, int64_t *high, bool *known);

/* Where a slice begins, and how many elements it takes from an axis of `size`. */
bool cnn_slice_count(int64_t size, int64_t start, int64_t end, int64_t step, int64_t *first,
                     int64_t *count);

#endif
