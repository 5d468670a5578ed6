/*
 * Sizes along one axis of a sliding window: k kernel, s stride, d dilation, low and high padding.
 * Pure functions of checked integers, without anything of the network, so that they can be proved.
 */
#ifndef CNN_OPS_WINDOW_SIZE_H
#define CNN_OPS_WINDOW_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/checked.h"

typedef enum cnn_fit {
    CNN_FITS,
    CNN_FIT_KERNEL,  /* the window covers more than the padded input */
    CNN_FIT_OVERFLOW /* a sum or product does not fit into 64 bits */
} cnn_fit;

/* What a dilated kernel covers: d(k - 1) + 1.  k, d >= 1. */
/*@ requires k >= 1 && d >= 1 && \valid(out);
    assigns *out;
    ensures \result <==> fits(d * (k - 1) + 1);
    ensures *out == (\result ? d * (k - 1) + 1 : \old(*out)); */
bool cnn_window_extent(int64_t k, int64_t d, int64_t *out);

/* Rounded quotients, b > 0, for the contracts; ACSL's "/" truncates as C's does. */
/*@ logic integer floor_div(integer a, integer b) = a >= 0 ? a / b : -((-a - 1) / b) - 1;
    logic integer ceil_div(integer a, integer b) = a > 0 ? (a - 1) / b + 1 : -(-a / b);
    lemma floor_div_rounds_down: \forall integer a, b; b > 0 ==>
        floor_div(a, b) * b <= a < (floor_div(a, b) + 1) * b;
    lemma ceil_div_rounds_up: \forall integer a, b; b > 0 ==>
        (ceil_div(a, b) - 1) * b < a <= ceil_div(a, b) * b;

    logic integer floor_size(integer padded, integer extent, integer s) =
        floor_div(padded - extent, s) + 1;
    logic integer ceil_size(integer padded, integer extent, integer s) =
        ceil_div(padded - extent, s) + 1; */

/* floor((in + low + high - extent)/s) + 1.  in, extent, s >= 1; low, high >= 0.
 * Dumoulin & Visin 2016, relation 6. */
/*@ requires in >= 1 && extent >= 1 && s >= 1 && low >= 0 && high >= 0 && \valid(out);
    assigns *out;
    ensures \result == CNN_FIT_OVERFLOW <==> !fits(in + low + high);
    ensures \result == CNN_FIT_KERNEL <==>
        fits(in + low + high) && floor_size(in + low + high, extent, s) < 1;
    ensures \result == CNN_FITS <==>
        fits(in + low + high) && floor_size(in + low + high, extent, s) >= 1;
    ensures *out == (\result == CNN_FITS ? floor_size(in + low + high, extent, s) : \old(*out)); */
cnn_fit cnn_window_floor(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                         int64_t *out);

/* The same rounded up; then the last window goes if it starts in the high padding, that is when
 * (out - 1)s >= in + low. A window may exceed the padded input by less than s. */
/*@ requires in >= 1 && extent >= 1 && s >= 1 && low >= 0 && high >= 0 && \valid(out);
    assigns *out;
    ensures \result == CNN_FIT_OVERFLOW <==> !fits(in + low + high);
    ensures \result == CNN_FIT_KERNEL <==>
        fits(in + low + high) && ceil_size(in + low + high, extent, s) < 1;
    ensures \result == CNN_FITS <==>
        fits(in + low + high) && ceil_size(in + low + high, extent, s) >= 1;
    ensures \result == CNN_FITS ==> \let n = ceil_size(in + low + high, extent, s);
        *out == ((n - 1) * s >= in + low ? n - 1 : n);
    ensures \result != CNN_FITS ==> *out == \old(*out); */
cnn_fit cnn_window_ceil(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                        int64_t *out);

/* ceil(in/s): the output of "same".  in, s >= 1. */
/*@ requires in >= 1 && s >= 1;
    assigns \nothing;
    ensures \result == ceil_div(in, s); */
int64_t cnn_window_same(int64_t in, int64_t s);

/* The padding of "same": (extent - 1)/2 at both sides of an odd kernel; for an even one, and
 * `always` as TensorFlow does it, max((out - 1)s + extent - in, 0) in all, the odd one at the high
 * side. */
/*@ requires in >= 1 && extent >= 1 && s >= 1;
    requires \valid(low) && \valid(high) && \separated(low, high);
    assigns *low, *high;
    ensures !always && extent % 2 == 1 ==> *low == *high == (extent - 1) / 2;
    ensures always || extent % 2 == 0 ==>
        *low + *high == \max((ceil_div(in, s) - 1) * s + extent - in, 0);
    ensures 0 <= *low <= *high <= *low + 1; */
void cnn_window_same_pad(int64_t in, int64_t extent, int64_t s, bool always, int64_t *low,
                         int64_t *high);

/* (in - 1)s - low - high + extent + extra: a transposed convolution. The result may be below 1.
 * The map is made whole before the padding is cut off, so it has to fit, too. */
/*@ requires in >= 1 && extent >= 1 && s >= 1 && low >= 0 && high >= 0 && extra >= 0;
    requires \valid(out);
    assigns *out;
    ensures \let whole = (in - 1) * s + extent + extra;
        (\result <==> fits(whole) && fits(whole - low - high)) &&
        *out == (\result ? whole - low - high : \old(*out)); */
bool cnn_window_transposed(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                           int64_t extra, int64_t *out);

#endif
