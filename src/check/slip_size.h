/* Formulas of mistaken sizes, for the table of mistakes. */
#ifndef CNN_HOMEWORK_SLIP_SIZE_H
#define CNN_HOMEWORK_SLIP_SIZE_H

#include "check/mistake.h"

typedef bool cnn_slip_side(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum);
typedef bool cnn_slip_layer(const cnn_slip *slip);

cnn_slip_side cnn_slip_pad_once;
cnn_slip_side cnn_slip_pad_ignored;
cnn_slip_side cnn_slip_no_plus_one;
cnn_slip_side cnn_slip_plus_one_inside;
cnn_slip_side cnn_slip_no_floor;
cnn_slip_side cnn_slip_ceil_for_floor;
cnn_slip_side cnn_slip_floor_for_ceil;
cnn_slip_side cnn_slip_stride_ignored;
cnn_slip_side cnn_slip_stride_only;
cnn_slip_side cnn_slip_same_misread;
cnn_slip_side cnn_slip_valid_for_same;
cnn_slip_side cnn_slip_same_for_valid;
cnn_slip_side cnn_slip_dilation_ignored;
cnn_slip_side cnn_slip_dilation_product;
cnn_slip_side cnn_slip_dilation_zero;
cnn_slip_side cnn_slip_plus_kernel;
cnn_slip_side cnn_slip_transposed_as_conv;

cnn_slip_layer cnn_slip_pad_in_depth;
cnn_slip_layer cnn_slip_pool_divides;
cnn_slip_layer cnn_slip_depth_kept;
cnn_slip_layer cnn_slip_depth_multiplied;
cnn_slip_layer cnn_slip_swapped_sides;
cnn_slip_layer cnn_slip_flat_once_size;
cnn_slip_layer cnn_slip_flat_channels_size;
cnn_slip_layer cnn_slip_flat_before_pool_size;

#endif
