/* Lines of Keras' code, which the writers of its layers share. */
#ifndef CNN_REPORT_KERAS_LINES_H
#define CNN_REPORT_KERAS_LINES_H

#include "report/code.h"

/* A layer with weights has a name where some are used again. */
typedef struct cnn_keras_writer {
    cnn_out *out;
    const cnn_network *net;
    bool names;
} cnn_keras_writer;

/* How many slopes a prelu has, whether they are its own or another one's. */
int64_t cnn_keras_slopes(const cnn_layer *layer);

/* ((top, bottom), (left, right)); of one axis (left, right). */
void cnn_keras_put_sides(cnn_out *out, const int64_t *low, const int64_t *high, int32_t axes);

void cnn_keras_put_value(cnn_out *out, int32_t index);

/* "x3 = layers." and "(x2)": a line has a constructor between them. */
void cnn_keras_put_begin(cnn_out *out, int32_t index);
void cnn_keras_put_end(cnn_out *out, int32_t source);

/* The constructor of a layer, unless its weights are those of another one. */
void cnn_keras_put_call(const cnn_keras_writer *w, const cnn_layer *layer, const char *template,
                        const char *end, int32_t source);

/* A padding or a cropping on a line before or after the layer. */
int32_t cnn_keras_put_edge(cnn_out *out, const cnn_layer *layer, const char *template,
                           const int64_t *low, const int64_t *high, int32_t index, int32_t source);

/* Height x width x channels. */
void cnn_keras_put_shape(cnn_out *out, const cnn_shape *shape);

/* A layer of a kind that takes more than a template. */
void cnn_keras_put_special(const cnn_keras_writer *w, const cnn_layer *layer);

/* Dense on the width: the last axis while the channels are moved before it. */
void cnn_keras_put_last_dense(const cnn_keras_writer *w, const cnn_layer *layer);

#endif
