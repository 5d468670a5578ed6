/*
 * The operators of model files, a row each. Where an attribute or operator came or went, the row
 * names the opset; the standard's own history is the source (onnx/docs/Changelog.md).
 */
#include "files/shapes.h"

#define MS "com.microsoft"

const cnn_onnx_op cnn_onnx_ops[] = {
    /* name, domain, since, until, type, least inputs, attributes, slots, shape, fold, cost */
    {"Abs", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_same, cnn_fold_unary, NULL},
    {"Acos", "", 7, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Acosh", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Add", "", 1, 0, 0, 2, "axis@1-6 broadcast@1-6 consumed_inputs@1-5", "aa", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"Affine", "", 1, 0, 0, 1, "alpha beta", "p", cnn_infer_first, NULL, NULL},
    {"AffineGrid", "", 20, 0, 0, 2, "align_corners", "", cnn_infer_affine_grid, NULL, NULL},
    {"And", "", 1, 0, CNN_T_BOOL, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"ArgMax", "", 1, 0, CNN_T_INT64, 1, "axis keepdims select_last_index@12", "", cnn_infer_arg,
     NULL, NULL},
    {"ArgMin", "", 1, 0, CNN_T_INT64, 1, "axis keepdims select_last_index@12", "", cnn_infer_arg,
     NULL, NULL},
    {"Asin", "", 7, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Asinh", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Atan", "", 7, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Atanh", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Attention", "", 23, 0, 0, 3,
     "is_causal kv_num_heads q_num_heads qk_matmul_output_mode scale softcap softmax_precision", "",
     cnn_infer_attention, NULL, cnn_cost_attention},
    {"AveragePool", "", 1, 0, 0, 1,
     "auto_pad ceil_mode@10 count_include_pad@7 kernel_shape pads strides dilations@19", "",
     cnn_infer_pool, NULL, NULL},
    {"BatchNormalization", "", 1, 0, 0, 5,
     "consumed_inputs@1-5 epsilon is_test@1-6 momentum spatial@1-8 training_mode@14", ".wbss",
     cnn_infer_batchnorm, NULL, NULL},
    {"Bernoulli", "", 15, 0, 0, 1, "dtype seed", "", cnn_infer_like, NULL, NULL},
    {"BitCast", "", 26, 0, 0, 1, "to", "p", cnn_infer_cast, NULL, NULL},
    {"BitShift", "", 11, 0, 0, 2, "direction", "", cnn_infer_broadcast, NULL, NULL},
    {"BitwiseAnd", "", 18, 0, 0, 2, "", "", cnn_infer_broadcast, NULL, NULL},
    {"BitwiseNot", "", 18, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"BitwiseOr", "", 18, 0, 0, 2, "", "", cnn_infer_broadcast, NULL, NULL},
    {"BitwiseXor", "", 18, 0, 0, 2, "", "", cnn_infer_broadcast, NULL, NULL},
    {"BlackmanWindow", "", 17, 0, 0, 1, "output_datatype periodic", "", cnn_infer_window, NULL,
     NULL},
    {"Cast", "", 1, 0, 0, 1, "to saturate@19 round_mode@24", "p", cnn_infer_cast, cnn_fold_cast,
     NULL},
    {"CastLike", "", 15, 0, -1, 2, "saturate@19 round_mode@24", "p", cnn_infer_first, NULL, NULL},
    {"Ceil", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_same, cnn_fold_unary, NULL},
    {"Celu", "", 12, 0, 0, 1, "alpha", "p", cnn_infer_first, NULL, NULL},
    {"CenterCropPad", "", 18, 0, 0, 2, "axes", "", cnn_infer_center_crop, NULL, NULL},
    {"Clip", "", 1, 0, 0, 1, "consumed_inputs@1-5 max@1-10 min@1-10", "p", cnn_infer_first, NULL,
     NULL},
    {"Col2Im", "", 18, 0, 0, 3, "dilations pads strides", "", cnn_infer_col2im, NULL, NULL},
    {"Compress", "", 9, 0, 0, 2, "axis", "", cnn_infer_compress, NULL, NULL},
    {"Concat", "", 1, 0, 0, 1, "axis", "+", cnn_infer_concat, cnn_fold_concat, NULL},
    {"ConcatFromSequence", "", 11, 0, 0, 1, "axis new_axis", "", cnn_infer_sequence_concat, NULL,
     NULL},
    {"Constant", "", 1, 0, 0, 0,
     "sparse_value@11 value value_float@12 value_floats@12 value_int@12 value_ints@12 "
     "value_string@12 value_strings@12",
     "", cnn_infer_constant, NULL, NULL},
    {"ConstantOfShape", "", 9, 0, 0, 1, "value", "", cnn_infer_filled, cnn_fold_filled, NULL},
    {"Conv", "", 1, 0, 0, 2, "auto_pad dilations group kernel_shape pads strides", ".wb",
     cnn_infer_conv, NULL, cnn_cost_conv},
    {"ConvInteger", "", 10, 0, CNN_T_INT32, 2, "auto_pad dilations group kernel_shape pads strides",
     ".w", cnn_infer_conv, NULL, cnn_cost_conv},
    {"ConvTranspose", "", 1, 0, 0, 2,
     "auto_pad dilations group kernel_shape output_padding output_shape pads strides", ".wb",
     cnn_infer_transposed, NULL, cnn_cost_transposed},
    {"Cos", "", 7, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Cosh", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"CumProd", "", 26, 0, 0, 2, "exclusive reverse", "p", cnn_infer_first, NULL, NULL},
    {"CumSum", "", 11, 0, 0, 2, "exclusive reverse", "p", cnn_infer_first, NULL, NULL},
    {"DFT", "", 17, 0, 0, 1, "axis@17-19 inverse onesided", "", cnn_infer_dft, NULL, NULL},
    {"DeformConv", "", 19, 0, 0, 3, "dilations group kernel_shape offset_group pads strides",
     ".w.b", cnn_infer_conv, NULL, cnn_cost_conv},
    {"DepthToSpace", "", 1, 0, 0, 1, "blocksize mode@11", "", cnn_infer_depth_to_space, NULL, NULL},
    {"DequantizeLinear", "", 10, 0, -1, 2, "axis@13 block_size@21 output_dtype@23", "p",
     cnn_infer_first, NULL, NULL},
    {"Det", "", 11, 0, 0, 1, "", "", cnn_infer_det, NULL, NULL},
    {"Div", "", 1, 0, 0, 2, "axis@1-6 broadcast@1-6 consumed_inputs@1-5", "mm", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"Dropout", "", 1, 0, 0, 1, "consumed_inputs@1-5 is_test@1-6 ratio@1-11 seed@12", "p",
     cnn_infer_dropout, NULL, NULL},
    {"DynamicQuantizeLinear", "", 11, 0, CNN_T_UINT8, 1, "", "", cnn_infer_dynamic, NULL, NULL},
    {"Einsum", "", 12, 0, 0, 1, "equation", "www", cnn_infer_einsum, NULL, cnn_cost_einsum},
    {"Elu", "", 1, 0, 0, 1, "alpha consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"Equal", "", 1, 0, CNN_T_BOOL, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"Erf", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Exp", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"Expand", "", 8, 0, 0, 2, "", "p", cnn_infer_expand, cnn_fold_expand, NULL},
    {"EyeLike", "", 9, 0, 0, 1, "dtype k", "", cnn_infer_like, NULL, NULL},
    {"Flatten", "", 1, 0, 0, 1, "axis", "p", cnn_infer_flatten, cnn_fold_same, NULL},
    {"Floor", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_same, cnn_fold_unary, NULL},
    {"GRU", "", 1, 0, 0, 3,
     "activation_alpha activation_beta activations clip direction hidden_size layout@14 "
     "linear_before_reset@3 output_sequence@1-6",
     ".wwb", cnn_infer_recurrent, NULL, cnn_cost_recurrent},
    {"Gather", "", 1, 0, 0, 2, "axis", "t", cnn_infer_gather, cnn_fold_gather, NULL},
    {"GatherElements", "", 11, 0, 0, 2, "axis", "p", cnn_infer_gather_elements, NULL, NULL},
    {"GatherND", "", 11, 0, 0, 2, "batch_dims@12", "p", cnn_infer_gather_nd, NULL, NULL},
    {"Gelu", "", 20, 0, 0, 1, "approximate", "p", cnn_infer_first, NULL, NULL},
    {"Gemm", "", 1, 0, 0, 2, "alpha beta broadcast@1-6 transA transB", "wwb", cnn_infer_gemm, NULL,
     cnn_cost_gemm},
    {"GlobalAveragePool", "", 1, 0, 0, 1, "", "", cnn_infer_global, NULL, NULL},
    {"GlobalLpPool", "", 1, 0, 0, 1, "p", "", cnn_infer_global, NULL, NULL},
    {"GlobalMaxPool", "", 1, 0, 0, 1, "", "", cnn_infer_global, NULL, NULL},
    {"Greater", "", 1, 0, CNN_T_BOOL, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"GreaterOrEqual", "", 12, 0, CNN_T_BOOL, 2, "", "", cnn_infer_broadcast, cnn_fold_binary,
     NULL},
    {"GridSample", "", 16, 0, 0, 2, "align_corners mode padding_mode", "", cnn_infer_grid_sample,
     NULL, NULL},
    {"GroupNormalization", "", 18, 0, 0, 3, "epsilon num_groups stash_type@21", ".wb",
     cnn_infer_groupnorm, NULL, NULL},
    {"HammingWindow", "", 17, 0, 0, 1, "output_datatype periodic", "", cnn_infer_window, NULL,
     NULL},
    {"HannWindow", "", 17, 0, 0, 1, "output_datatype periodic", "", cnn_infer_window, NULL, NULL},
    {"HardSigmoid", "", 1, 0, 0, 1, "alpha beta consumed_inputs@1-5", "p", cnn_infer_first, NULL,
     NULL},
    {"HardSwish", "", 14, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Hardmax", "", 1, 0, 0, 1, "axis", "p", cnn_infer_along, NULL, NULL},
    {"Identity", "", 1, 0, 0, 1, "", "p", cnn_infer_identity, NULL, NULL},
    {"If", "", 1, 0, 0, 1, "else_branch then_branch", "", cnn_infer_if, NULL, NULL},
    {"ImageDecoder", "", 20, 0, 0, 1, "pixel_format", "", cnn_infer_any, NULL, NULL},
    {"ImageScaler", "", 1, 0, 0, 1, "bias scale", "p", cnn_infer_first, NULL, NULL},
    {"InstanceNormalization", "", 1, 0, 0, 3, "consumed_inputs@1-5 epsilon", ".wb",
     cnn_infer_channelnorm, NULL, NULL},
    {"IsInf", "", 10, 0, CNN_T_BOOL, 1, "detect_negative detect_positive", "", cnn_infer_first,
     NULL, NULL},
    {"IsNaN", "", 9, 0, CNN_T_BOOL, 1, "", "", cnn_infer_first, NULL, NULL},
    {"LRN", "", 1, 0, 0, 1, "alpha beta bias size", "p", cnn_infer_first, NULL, NULL},
    {"LSTM", "", 1, 0, 0, 3,
     "activation_alpha activation_beta activations clip direction hidden_size input_forget "
     "layout@14 output_sequence@1-6",
     ".wwb...w", cnn_infer_recurrent, NULL, cnn_cost_recurrent},
    {"LayerNormalization", "", 17, 0, 0, 2, "axis epsilon stash_type", ".wb", cnn_infer_layernorm,
     NULL, NULL},
    {"LeakyRelu", "", 1, 0, 0, 1, "alpha consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"Less", "", 1, 0, CNN_T_BOOL, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"LessOrEqual", "", 12, 0, CNN_T_BOOL, 2, "", "", cnn_infer_broadcast, cnn_fold_binary, NULL},
    {"Log", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"LogSoftmax", "", 1, 0, 0, 1, "axis", "p", cnn_infer_along, NULL, NULL},
    {"Loop", "", 1, 0, 0, 0, "body", "", cnn_infer_loop, NULL, NULL},
    {"LpNormalization", "", 1, 0, 0, 1, "axis p", "p", cnn_infer_first, NULL, NULL},
    {"LpPool", "", 1, 0, 0, 1, "auto_pad kernel_shape p pads strides dilations@18 ceil_mode@18", "",
     cnn_infer_pool, NULL, NULL},
    {"MatMul", "", 1, 0, 0, 2, "", "ww", cnn_infer_matmul, NULL, cnn_cost_matmul},
    {"MatMulInteger", "", 10, 0, CNN_T_INT32, 2, "", "ww", cnn_infer_matmul, NULL, cnn_cost_matmul},
    {"Max", "", 1, 0, 0, 1, "consumed_inputs@1-5", "", cnn_infer_broadcast, cnn_fold_variadic,
     NULL},
    {"MaxPool", "", 1, 0, 0, 1,
     "auto_pad ceil_mode@10 dilations@10 kernel_shape pads storage_order@8 strides", "",
     cnn_infer_pool, NULL, NULL},
    {"MaxRoiPool", "", 1, 0, 0, 2, "pooled_shape spatial_scale", "", cnn_infer_roi_pool, NULL,
     NULL},
    {"MaxUnpool", "", 9, 0, 0, 2, "kernel_shape pads strides", "", cnn_infer_unpool, NULL, NULL},
    {"Mean", "", 1, 0, 0, 1, "consumed_inputs@1-5", "", cnn_infer_broadcast, NULL, NULL},
    {"MeanVarianceNormalization", "", 9, 0, 0, 1, "axes", "p", cnn_infer_first, NULL, NULL},
    {"MelWeightMatrix", "", 17, 0, CNN_T_FLOAT, 5, "output_datatype", "", cnn_infer_mel, NULL,
     NULL},
    {"Min", "", 1, 0, 0, 1, "consumed_inputs@1-5", "", cnn_infer_broadcast, cnn_fold_variadic,
     NULL},
    {"Mish", "", 18, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Mod", "", 10, 0, 0, 2, "fmod", "", cnn_infer_binary, cnn_fold_binary, NULL},
    {"Mul", "", 1, 0, 0, 2, "axis@1-6 broadcast@1-6 consumed_inputs@1-5", "mm", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"Multinomial", "", 7, 0, CNN_T_INT32, 1, "dtype sample_size seed", "", cnn_infer_multinomial,
     NULL, NULL},
    {"Neg", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_same, cnn_fold_unary, NULL},
    {"NegativeLogLikelihoodLoss", "", 12, 0, 0, 2, "ignore_index reduction", "", cnn_infer_loss,
     NULL, NULL},
    {"NonMaxSuppression", "", 10, 0, CNN_T_INT64, 2, "center_point_box", "", cnn_infer_nms, NULL,
     NULL},
    {"NonZero", "", 9, 0, CNN_T_INT64, 1, "", "", cnn_infer_nonzero, cnn_fold_nonzero, NULL},
    {"Not", "", 1, 0, CNN_T_BOOL, 1, "", "p", cnn_infer_same, cnn_fold_unary, NULL},
    {"OneHot", "", 9, 0, -2, 3, "axis", "", cnn_infer_one_hot, NULL, NULL},
    {"Optional", "", 15, 0, 0, 0, "type", "", cnn_infer_optional, NULL, NULL},
    {"OptionalGetElement", "", 15, 0, 0, 1, "", "", cnn_infer_optional, NULL, NULL},
    {"OptionalHasElement", "", 15, 0, CNN_T_BOOL, 1, "", "", cnn_infer_optional_has, NULL, NULL},
    {"Or", "", 1, 0, CNN_T_BOOL, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary, cnn_fold_binary,
     NULL},
    {"PRelu", "", 1, 0, 0, 2, "consumed_inputs@1-5", ".w", cnn_infer_prelu, NULL, NULL},
    {"Pad", "", 1, 0, 0, 1, "mode paddings@1-1 pads@2-10 value@1-10", "p", cnn_infer_pad, NULL,
     NULL},
    {"ParametricSoftplus", "", 1, 0, 0, 1, "alpha beta", "p", cnn_infer_first, NULL, NULL},
    {"Pow", "", 1, 0, 0, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary, cnn_fold_binary, NULL},
    {"QLinearConv", "", 10, 0, -7, 8, "auto_pad dilations group kernel_shape pads strides",
     "...w....b", cnn_infer_conv, NULL, cnn_cost_conv},
    {"QLinearMatMul", "", 10, 0, -7, 8, "", "...w", cnn_infer_matmul, NULL, cnn_cost_matmul},
    {"QuantizeLinear", "", 10, 0, -2, 2,
     "axis@13 saturate@19 block_size@21 output_dtype@21 precision@23", "p", cnn_infer_quantize,
     NULL, NULL},
    {"RMSNormalization", "", 23, 0, 0, 2, "axis epsilon stash_type", ".w", cnn_infer_layernorm,
     NULL, NULL},
    {"RNN", "", 1, 0, 0, 3,
     "activation_alpha activation_beta activations clip direction hidden_size layout@14 "
     "output_sequence@1-6",
     ".wwb", cnn_infer_recurrent, NULL, cnn_cost_recurrent},
    {"RandomNormal", "", 1, 0, 0, 0, "dtype mean scale seed shape", "", cnn_infer_random, NULL,
     NULL},
    {"RandomNormalLike", "", 1, 0, 0, 1, "dtype mean scale seed", "", cnn_infer_like, NULL, NULL},
    {"RandomUniform", "", 1, 0, 0, 0, "dtype high low seed shape", "", cnn_infer_random, NULL,
     NULL},
    {"RandomUniformLike", "", 1, 0, 0, 1, "dtype high low seed", "", cnn_infer_like, NULL, NULL},
    {"Range", "", 11, 0, 0, 3, "", "", cnn_infer_range, cnn_fold_range, NULL},
    {"Reciprocal", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"ReduceL1", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, NULL, NULL},
    {"ReduceL2", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, NULL, NULL},
    {"ReduceLogSum", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, NULL, NULL},
    {"ReduceLogSumExp", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, NULL, NULL},
    {"ReduceMax", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, cnn_fold_reduce, NULL},
    {"ReduceMean", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, NULL, NULL},
    {"ReduceMin", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, cnn_fold_reduce, NULL},
    {"ReduceProd", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, cnn_fold_reduce, NULL},
    {"ReduceSum", "", 1, 0, 0, 1, "axes@1-12 keepdims noop_with_empty_axes@13", "p",
     cnn_infer_reduce, cnn_fold_reduce, NULL},
    {"ReduceSumSquare", "", 1, 0, 0, 1, "axes@1-17 keepdims noop_with_empty_axes@18", "p",
     cnn_infer_reduce, NULL, NULL},
    {"RegexFullMatch", "", 20, 0, CNN_T_BOOL, 1, "pattern", "", cnn_infer_first, NULL, NULL},
    {"Relu", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"Reshape", "", 1, 0, 0, 1, "allowzero@14 consumed_inputs@1-4 shape@1-4", "p",
     cnn_infer_reshape, cnn_fold_same, NULL},
    {"Resize", "", 10, 0, 0, 1,
     "coordinate_transformation_mode@11 cubic_coeff_a@11 exclude_outside@11 extrapolation_value@11 "
     "mode nearest_mode@11 antialias@18 axes@18 keep_aspect_ratio_policy@18",
     "", cnn_infer_resize, NULL, NULL},
    {"ReverseSequence", "", 10, 0, 0, 2, "batch_axis time_axis", "p", cnn_infer_first, NULL, NULL},
    {"RoiAlign", "", 10, 0, 0, 3,
     "coordinate_transformation_mode@16 mode output_height output_width sampling_ratio "
     "spatial_scale",
     "", cnn_infer_roi_align, NULL, NULL},
    {"RotaryEmbedding", "", 23, 0, 0, 3, "interleaved num_heads rotary_embedding_dim", "p",
     cnn_infer_first, NULL, NULL},
    {"Round", "", 11, 0, 0, 1, "", "p", cnn_infer_same, cnn_fold_unary, NULL},
    {"STFT", "", 17, 0, 0, 2, "onesided", "", cnn_infer_stft, NULL, NULL},
    {"ScaledTanh", "", 1, 0, 0, 1, "alpha beta", "p", cnn_infer_first, NULL, NULL},
    {"Scan", "", 8, 0, 0, 1,
     "body directions@1-8 num_scan_inputs scan_input_axes@9 scan_input_directions@9 "
     "scan_output_axes@9 scan_output_directions@9",
     "", cnn_infer_scan, NULL, NULL},
    {"Scatter", "", 9, 10, 0, 3, "axis", "p", cnn_infer_first, NULL, NULL},
    {"ScatterElements", "", 11, 0, 0, 3, "axis reduction@16", "p", cnn_infer_first, NULL, NULL},
    {"ScatterND", "", 11, 0, 0, 3, "reduction@16", "p", cnn_infer_first, cnn_fold_scatter_nd, NULL},
    {"Selu", "", 1, 0, 0, 1, "alpha consumed_inputs@1-5 gamma", "p", cnn_infer_first, NULL, NULL},
    {"SequenceAt", "", 11, 0, 0, 2, "", "", cnn_infer_sequence_at, NULL, NULL},
    {"SequenceConstruct", "", 11, 0, 0, 1, "", "", cnn_infer_sequence, NULL, NULL},
    {"SequenceEmpty", "", 11, 0, 0, 0, "dtype", "", cnn_infer_sequence_empty, NULL, NULL},
    {"SequenceErase", "", 11, 0, 0, 1, "", "", cnn_infer_sequence_erase, NULL, NULL},
    {"SequenceInsert", "", 11, 0, 0, 2, "", "", cnn_infer_sequence_insert, NULL, NULL},
    {"SequenceLength", "", 11, 0, CNN_T_INT64, 1, "", "", cnn_infer_sequence_length, NULL, NULL},
    {"SequenceMap", "", 17, 0, 0, 1, "body", "", cnn_infer_any, NULL, cnn_cost_unknown},
    {"Shape", "", 1, 0, CNN_T_INT64, 1, "end@15 start@15", "", cnn_infer_shape, cnn_fold_shape,
     NULL},
    {"Shrink", "", 9, 0, 0, 1, "bias lambd", "p", cnn_infer_first, NULL, NULL},
    {"Sigmoid", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"Sign", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"SimplifiedLayerNormalization", "", 1, 0, 0, 2, "axis epsilon stash_type", ".w",
     cnn_infer_layernorm, NULL, NULL},
    {"Sin", "", 7, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Sinh", "", 9, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Size", "", 1, 0, CNN_T_INT64, 1, "", "", cnn_infer_scalar, cnn_fold_size, NULL},
    {"Slice", "", 1, 0, 0, 1, "axes@1-9 ends@1-9 starts@1-9", "p", cnn_infer_slice, cnn_fold_slice,
     NULL},
    {"Softmax", "", 1, 0, 0, 1, "axis", "p", cnn_infer_along, NULL, NULL},
    {"SoftmaxCrossEntropyLoss", "", 12, 0, 0, 2, "ignore_index reduction", "", cnn_infer_loss, NULL,
     NULL},
    {"Softplus", "", 1, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Softsign", "", 1, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"SpaceToDepth", "", 1, 0, 0, 1, "blocksize", "", cnn_infer_space_to_depth, NULL, NULL},
    {"Split", "", 1, 0, 0, 1, "axis split@1-12 num_outputs@18", "p", cnn_infer_split,
     cnn_fold_split, NULL},
    {"SplitToSequence", "", 11, 0, 0, 1, "axis keepdims", "", cnn_infer_sequence_split, NULL, NULL},
    {"Sqrt", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"Squeeze", "", 1, 0, 0, 1, "axes@1-12", "p", cnn_infer_squeeze, cnn_fold_same, NULL},
    {"StringConcat", "", 20, 0, 0, 2, "", "", cnn_infer_broadcast, NULL, NULL},
    {"StringNormalizer", "", 10, 0, 0, 1, "case_change_action is_case_sensitive locale stopwords",
     "", cnn_infer_any, NULL, NULL},
    {"StringSplit", "", 20, 0, 0, 1, "delimiter maxsplit", "", cnn_infer_any, NULL, NULL},
    {"Sub", "", 1, 0, 0, 2, "axis@1-6 broadcast@1-6 consumed_inputs@1-5", "aa", cnn_infer_binary,
     cnn_fold_binary, NULL},
    {"Sum", "", 1, 0, 0, 1, "consumed_inputs@1-5", "", cnn_infer_broadcast, cnn_fold_variadic,
     NULL},
    {"Swish", "", 24, 0, 0, 1, "alpha", "p", cnn_infer_first, NULL, NULL},
    {"Tan", "", 7, 0, 0, 1, "", "p", cnn_infer_first, NULL, NULL},
    {"Tanh", "", 1, 0, 0, 1, "consumed_inputs@1-5", "p", cnn_infer_first, NULL, NULL},
    {"TensorScatter", "", 24, 0, 0, 3, "axis mode", "p", cnn_infer_first, NULL, NULL},
    {"TfIdfVectorizer", "", 9, 0, CNN_T_FLOAT, 1,
     "max_gram_length max_skip_count min_gram_length mode ngram_counts ngram_indexes pool_int64s "
     "pool_strings weights",
     "", cnn_infer_tfidf, NULL, NULL},
    {"ThresholdedRelu", "", 10, 0, 0, 1, "alpha", "p", cnn_infer_first, NULL, NULL},
    {"Tile", "", 1, 0, 0, 2, "", "p", cnn_infer_tile, cnn_fold_tile, NULL},
    {"TopK", "", 1, 0, 0, 1, "axis k@1-9 largest@11 sorted@11", "", cnn_infer_topk, NULL, NULL},
    {"Transpose", "", 1, 0, 0, 1, "perm", "p", cnn_infer_transpose, cnn_fold_transpose, NULL},
    {"Trilu", "", 14, 0, 0, 1, "upper", "p", cnn_infer_first, NULL, NULL},
    {"Unique", "", 11, 0, 0, 1, "axis sorted", "", cnn_infer_unique, NULL, NULL},
    {"Unsqueeze", "", 1, 0, 0, 1, "axes@1-12", "p", cnn_infer_unsqueeze, cnn_fold_same, NULL},
    {"Upsample", "", 1, 10, 0, 1, "height_scale@1-6 mode scales@7-8 width_scale@1-6", "",
     cnn_infer_upsample, NULL, NULL},
    {"Where", "", 9, 0, -1, 3, "", ".++", cnn_infer_broadcast, cnn_fold_where, NULL},
    {"Xor", "", 1, 0, CNN_T_BOOL, 2, "axis@1-6 broadcast@1-6", "", cnn_infer_binary,
     cnn_fold_binary, NULL},

    /* com.microsoft, which onnxruntime adds */
    {"Attention", MS, 1, 0, 0, 2, "*", ".wb", cnn_infer_attention_ms, NULL, cnn_cost_unknown},
    {"BiasAdd", MS, 1, 0, 0, 3, "*", ".b", cnn_infer_first, NULL, NULL},
    {"BiasDropout", MS, 1, 0, 0, 2, "*", ".b", cnn_infer_first, NULL, NULL},
    {"BiasGelu", MS, 1, 0, 0, 2, "*", ".b", cnn_infer_first, NULL, NULL},
    {"BiasSoftmax", MS, 1, 0, 0, 2, "*", "", cnn_infer_first, NULL, NULL},
    {"BitmaskDropout", MS, 1, 0, 0, 1, "*", "", cnn_infer_first, NULL, NULL},
    {"ConvTransposeWithDynamicPads", MS, 1, 0, 0, 2, "*", ".w...b", cnn_infer_any, NULL,
     cnn_cost_unknown},
    {"CropAndResize", MS, 1, 0, 0, 4, "*", "", cnn_infer_any, NULL, NULL},
    {"DequantizeLinear", MS, 1, 0, -1, 2, "*", "p", cnn_infer_first, NULL, NULL},
    {"DynamicQuantizeMatMul", MS, 1, 0, CNN_T_FLOAT, 3, "*", "ww..b", cnn_infer_matmul, NULL,
     cnn_cost_matmul},
    {"EmbedLayerNormalization", MS, 1, 0, 0, 2, "*", "..tttwb", cnn_infer_any, NULL, NULL},
    {"ExpandDims", MS, 1, 0, 0, 2, "*", "p", cnn_infer_expand_dims, NULL, NULL},
    {"FastGelu", MS, 1, 0, 0, 1, "*", ".b", cnn_infer_first, NULL, NULL},
    {"FusedConv", MS, 1, 0, 0, 2, "*", ".wb", cnn_infer_conv, NULL, cnn_cost_conv},
    {"FusedGemm", MS, 1, 0, 0, 2, "*", "wwb", cnn_infer_gemm, NULL, cnn_cost_gemm},
    {"FusedMatMul", MS, 1, 0, 0, 2, "*", "ww", cnn_infer_matmul, NULL, cnn_cost_matmul},
    {"GatherBlockQuantized", MS, 1, 0, 0, 3, "*", "", cnn_infer_any, NULL, NULL},
    {"Gelu", MS, 1, 0, 0, 1, "*", "", cnn_infer_first, NULL, NULL},
    {"GridSample", MS, 1, 0, 0, 2, "*", "", cnn_infer_grid_sample, NULL, NULL},
    {"GroupNorm", MS, 1, 0, 0, 3, "*", ".wb", cnn_infer_first, NULL, NULL},
    {"GroupQueryAttention", MS, 1, 0, 0, 3, "*", "", cnn_infer_first, NULL, cnn_cost_unknown},
    {"Inverse", MS, 1, 0, 0, 1, "*", "", cnn_infer_first, NULL, NULL},
    {"Irfft", MS, 1, 0, 0, 1, "*", "", cnn_infer_any, NULL, NULL},
    {"MatMulBnb4", MS, 1, 0, 0, 3, "*", ".k", cnn_infer_matmul_bits, NULL, cnn_cost_matmul_bits},
    {"MatMulInteger16", MS, 1, 0, CNN_T_INT32, 2, "*", "ww", cnn_infer_matmul, NULL,
     cnn_cost_matmul},
    {"MatMulIntegerToFloat", MS, 1, 0, CNN_T_FLOAT, 4, "*", "ww....b", cnn_infer_matmul, NULL,
     cnn_cost_matmul},
    {"MatMulNBits", MS, 1, 0, 0, 3, "*", ".k...b", cnn_infer_matmul_bits, NULL,
     cnn_cost_matmul_bits},
    {"MultiHeadAttention", MS, 1, 0, 0, 1, "*", "...b", cnn_infer_first, NULL, cnn_cost_unknown},
    {"NhwcConv", MS, 1, 0, 0, 2, "*", ".wb", cnn_infer_conv, NULL, cnn_cost_conv},
    {"NhwcFusedConv", MS, 1, 0, 0, 2, "*", ".wb", cnn_infer_conv, NULL, cnn_cost_conv},
    {"NhwcMaxPool", MS, 1, 0, 0, 1, "*", "", cnn_infer_pool, NULL, NULL},
    {"Pad", MS, 1, 0, 0, 2, "*", "p", cnn_infer_pad, NULL, NULL},
    {"QGemm", MS, 1, 0, -8, 6, "*", "...w..b", cnn_infer_gemm, NULL, cnn_cost_gemm},
    {"QLinearAdd", MS, 1, 0, 0, 7, "*", "", cnn_infer_qbinary, NULL, NULL},
    {"QLinearAveragePool", MS, 1, 0, 0, 4, "*", "", cnn_infer_pool, NULL, NULL},
    {"QLinearConcat", MS, 1, 0, -1, 3, "*", "..+", cnn_infer_concat, NULL, NULL},
    {"QLinearConv", MS, 1, 0, -7, 8, "*", "...w....b", cnn_infer_conv, NULL, cnn_cost_conv},
    {"QLinearGlobalAveragePool", MS, 1, 0, 0, 5, "*", "", cnn_infer_global, NULL, NULL},
    {"QLinearLeakyRelu", MS, 1, 0, 0, 4, "*", "", cnn_infer_first, NULL, NULL},
    {"QLinearMul", MS, 1, 0, 0, 7, "*", "", cnn_infer_qbinary, NULL, NULL},
    {"QLinearReduceMean", MS, 1, 0, 0, 5, "*", "", cnn_infer_reduce, NULL, NULL},
    {"QLinearSigmoid", MS, 1, 0, 0, 4, "*", "", cnn_infer_first, NULL, NULL},
    {"QLinearSoftmax", MS, 1, 0, 0, 5, "*", "", cnn_infer_first, NULL, NULL},
    {"QLinearWhere", MS, 1, 0, 0, 9, "*", "", cnn_infer_qbinary, NULL, NULL},
    {"QuantizeLinear", MS, 1, 0, -2, 2, "*", "p", cnn_infer_quantize, NULL, NULL},
    {"QuickGelu", MS, 1, 0, 0, 1, "*", "", cnn_infer_first, NULL, NULL},
    {"Range", MS, 1, 0, 0, 2, "*", "", cnn_infer_any, NULL, NULL},
    {"Rfft", MS, 1, 0, 0, 1, "*", "", cnn_infer_any, NULL, NULL},
    {"RotaryEmbedding", MS, 1, 0, 0, 3, "*", "", cnn_infer_first, NULL, NULL},
    {"SkipGroupNorm", MS, 1, 0, 0, 3, "*", ".wb", cnn_infer_first, NULL, NULL},
    {"SkipLayerNormalization", MS, 1, 0, 0, 3, "*", "..wbb", cnn_infer_skipnorm, NULL, NULL},
    {"SkipSimplifiedLayerNormalization", MS, 1, 0, 0, 3, "*", "..wb", cnn_infer_skipnorm, NULL,
     NULL},
    {"TransposeMatMul", MS, 1, 0, 0, 2, "*", "ww", cnn_infer_matmul, NULL, cnn_cost_matmul},
    {"Trilu", MS, 1, 0, 0, 1, "*", "", cnn_infer_first, NULL, NULL},
};

const size_t cnn_onnx_op_count = CNN_LENGTH(cnn_onnx_ops);

static bool is_name(cnn_text text, const char *name)
{
    return strncmp(text.data, name, text.size) == 0 && name[text.size] == '\0';
}

/* The first row of a name, looked for once and then kept with the name; -1: there is none. */
static int32_t first_row(cnn_symbol *name)
{
    if (name->entry == 0) {
        name->entry = -1;
        for (size_t i = cnn_onnx_op_count; i > 0; i--) {
            if (is_name(name->text, cnn_onnx_ops[i - 1].name)) {
                name->entry = (int32_t)i;
            }
        }
    }
    return name->entry < 0 ? -1 : name->entry - 1;
}

const cnn_onnx_op *cnn_onnx_op_find(cnn_symbol *name, cnn_text domain, int32_t version)
{
    const int32_t first = first_row(name);
    for (size_t i = (size_t)(first < 0 ? 0 : first); first >= 0 && i < cnn_onnx_op_count; i++) {
        const cnn_onnx_op *op = &cnn_onnx_ops[i];
        const bool fits =
            domain.size == strlen(op->domain) && (domain.size == 0 || is_name(domain, op->domain));
        if (fits && is_name(name->text, op->name)) {
            return domain.size > 0 ||
                           (version >= op->since && (op->until == 0 || version <= op->until))
                       ? op
                       : NULL;
        }
    }
    return NULL;
}

/* A number of the table; *at is moved behind it. */
static int32_t table_number(const char **at)
{
    int32_t n = 0;
    for (; **at >= '0' && **at <= '9'; ++*at) {
        n = n * 10 + (**at - '0');
    }
    return n;
}

/* Whether "@18" or "@1-8" behind an attribute's name holds. */
static bool is_version(const char *at, int32_t version)
{
    if (*at != '@') {
        return true;
    }
    at++;
    const int32_t first = table_number(&at);
    at += *at == '-';
    const int32_t last = at[-1] == '-' ? table_number(&at) : INT32_MAX;
    return version >= first && version <= last;
}

bool cnn_onnx_op_takes(const cnn_onnx_op *op, cnn_text attr, int32_t version)
{
    const char *at = op->attrs;
    if (*at == '*') {
        return true;
    }
    while (*at != '\0') {
        const size_t size = strcspn(at, "@ ");
        if (size == attr.size && memcmp(at, attr.data, size) == 0) {
            return is_version(at + size, version);
        }
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    return false;
}
