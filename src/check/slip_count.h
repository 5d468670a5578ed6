/* Formulas of mistaken counts, for the table of mistakes. */
#ifndef CNN_HOMEWORK_SLIP_COUNT_H
#define CNN_HOMEWORK_SLIP_COUNT_H

#include "check/mistake.h"

typedef bool cnn_slip_counts(const cnn_slip *slip);
typedef bool cnn_slip_value(const cnn_quantity *quantity, int64_t right, int32_t variant,
                            int64_t *out);
typedef bool cnn_slip_field(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out);

/* slip_count.c: weights and biases */
cnn_slip_counts cnn_slip_no_bias;
cnn_slip_counts cnn_slip_no_depth;
cnn_slip_counts cnn_slip_no_depth_no_bias;
cnn_slip_counts cnn_slip_one_bias;
cnn_slip_counts cnn_slip_no_depth_one_bias;
cnn_slip_counts cnn_slip_bias_per_slice;
cnn_slip_counts cnn_slip_bias_per_input;
cnn_slip_counts cnn_slip_bias_twice;
cnn_slip_counts cnn_slip_bias_with_norm;
cnn_slip_counts cnn_slip_kernel_once;
cnn_slip_counts cnn_slip_one_filter;
cnn_slip_counts cnn_slip_own_depth;
cnn_slip_counts cnn_slip_grey;
cnn_slip_counts cnn_slip_depth_padded;
cnn_slip_counts cnn_slip_groups_ignored;
cnn_slip_counts cnn_slip_groups_twice;
cnn_slip_counts cnn_slip_flat_once;
cnn_slip_counts cnn_slip_flat_channels;
cnn_slip_counts cnn_slip_flat_before_pool;
cnn_slip_counts cnn_slip_conv1_as_conv3;

/* slip_other.c: what is counted, and the totals */
cnn_slip_counts cnn_slip_spatial;
cnn_slip_counts cnn_slip_as_dense;
cnn_slip_counts cnn_slip_activations;
cnn_slip_counts cnn_slip_pool_params;
cnn_slip_counts cnn_slip_norm_4c;
cnn_slip_counts cnn_slip_norm_2c;
cnn_slip_counts cnn_slip_norm_spatial;
cnn_slip_counts cnn_slip_nothing;
cnn_slip_counts cnn_slip_pointwise_forgotten;
cnn_slip_counts cnn_slip_last_missing;
cnn_slip_counts cnn_slip_bias_in_macs;
cnn_slip_counts cnn_slip_macs_at_input;
cnn_slip_counts cnn_slip_macs_at_output;
cnn_slip_value cnn_slip_doubled;
cnn_slip_value cnn_slip_halved;

/* slip_field.c: receptive fields of chains */
cnn_slip_field cnn_slip_field_product;
cnn_slip_field cnn_slip_field_sum;
cnn_slip_field cnn_slip_field_no_jump;
cnn_slip_field cnn_slip_field_own_stride;
cnn_slip_field cnn_slip_field_backwards;

#endif
