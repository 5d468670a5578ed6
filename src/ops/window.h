/* The sliding window as layers use it: convolution and pooling share it. */
#ifndef CNN_OPS_WINDOW_H
#define CNN_OPS_WINDOW_H

#include "ops/op.h"

/* Sides of the output and padding of a window layer, from its attributes and input. */
bool cnn_window_shape(cnn_site *site);

/* The sides of a quick layer's output; false: its own functions have to tell. */
bool cnn_window_quick(cnn_quick *l);

/* Whether they are those of its input, as for most convolutions. */
static inline bool cnn_window_keeps(const cnn_quick *l)
{
    const int32_t *const of = l->number[0].of;
    return l->shape->axes == 2 && of[CNN_PAD] == CNN_PAD_SAME && of[CNN_STRIDE] == 1 && !l->uneven;
}

/* Tells how far a dilated kernel reaches; nothing where there is no dilation. */
void cnn_tell_extent(const cnn_site *site, int32_t axis, int64_t extent);

/* Tells the padding in all, which `all` gives but for its quantity, and its two parts. */
void cnn_tell_padding(const cnn_site *site, const cnn_step *all);

/* Rows (axis 0) or columns that a transposed convolution adds at the high end: those that "same"
 * lacks where the kernel is smaller than the stride, or what the text gives. */
int64_t cnn_window_extra(const cnn_layer *layer, int32_t axis);

bool cnn_window_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);
int64_t cnn_window_unread(const cnn_layer *layer, int32_t axis);

/* A window that covers the whole map: global pooling, a flattening, an FC. */
bool cnn_global_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);
void cnn_global_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to);

#endif
