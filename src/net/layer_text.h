/* Layers as text. */
#ifndef CNN_NET_LAYER_TEXT_H
#define CNN_NET_LAYER_TEXT_H

#include "base/shape_text.h"

/* The canonical form: "conv3-64 s2 b0". */
void cnn_out_layer(cnn_out *out, const cnn_layer *layer);

/* The window with all that a default chose: "3x3 s1 p1"; nothing for layers without one. */
void cnn_out_window(cnn_out *out, const cnn_layer *layer);

void cnn_out_path(cnn_out *out, const cnn_path *path);

#endif
