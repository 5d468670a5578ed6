/*
 * Sizes along one axis as the ONNX standard defines them, which differs from the layer language:
 * maps may be empty, and a size may come out as 0 or below, which is for the caller to judge. Pure
 * functions, so that they can be proved.
 */
#ifndef CNN_FILES_ONNX_WINDOW_H
#define CNN_FILES_ONNX_WINDOW_H

#include "ops/window_size.h"

/* What a dilated kernel covers: d(k - 1) + 1. */
/*@ requires k >= 1 && d >= 1 && \valid(out);
    assigns *out;
    ensures \result <==> fits(d * (k - 1) + 1);
    ensures *out == (\result ? d * (k - 1) + 1 : \old(*out)); */
bool cnn_onnx_extent(int64_t k, int64_t d, int64_t *out);

/* floor((in + low + high - extent)/s) + 1, which may be below 1. */
/*@ requires in >= 0 && extent >= 1 && s >= 1 && low >= 0 && high >= 0 && \valid(out);
    assigns *out;
    ensures \result <==> fits(in + low + high);
    ensures *out == (\result ? floor_size(in + low + high, extent, s) : \old(*out)); */
bool cnn_onnx_floor(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high, int64_t *out);

/* The same rounded up, without a last window that begins in the high padding. */
/*@ requires in >= 0 && extent >= 1 && s >= 1 && low >= 0 && high >= 0 && \valid(out);
    assigns *out;
    ensures \result <==> fits(in + low + high);
    ensures \result ==> \let n = ceil_size(in + low + high, extent, s);
        *out == ((n - 1) * s >= in + low ? n - 1 : n);
    ensures !\result ==> *out == \old(*out); */
bool cnn_onnx_ceil(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high, int64_t *out);

/* ceil(in/s): SAME, whatever the kernel. */
/*@ requires in >= 0 && s >= 1;
    assigns \nothing;
    ensures \result == ceil_div(in, s); */
int64_t cnn_onnx_same(int64_t in, int64_t s);

/* (in - 1)s + extent + extra: a transposed convolution before its padding is cut off. */
/*@ requires in >= 0 && extent >= 1 && s >= 1 && extra >= 0 && \valid(out);
    assigns *out;
    ensures \result <==> fits((in - 1) * s) && fits((in - 1) * s + extent) &&
        fits((in - 1) * s + extent + extra);
    ensures *out == (\result ? (in - 1) * s + extent + extra : \old(*out)); */
bool cnn_onnx_transposed(int64_t in, int64_t extent, int64_t s, int64_t extra, int64_t *out);

#endif
