/* Reading a list for less than its layers (--batch), and with what reading it took (--want). */
#ifndef CNN_LANG_OUTLINE_H
#define CNN_LANG_OUTLINE_H

#include "net/network.h"

/*
 * Totals and layer count of the network that cnn_network_read reads, which has no layers then;
 * every error is the same. ends->in and ends->out become the shapes that enter and leave it.
 * `standard` is the size that settings->standard_input gives; NULL: it is read again.`keeping`,
 * unless it is NULL, follows all layers. With reuse(label) the layers are kept: out->layers is not
 * NULL, and what was followed means nothing.
 */
bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      const cnn_shape *standard, cnn_keeping *keeping, cnn_network *out,
                      cnn_layer *ends, cnn_error *err);

/* What reading a list took. */
typedef struct cnn_reading_cost {
    int32_t layers; /* that were read, with the inputs */
    int64_t effort; /* so many plain layers would have taken as long */
} cnn_reading_cost;

/* cnn_network_read, which tells its cost even after an error. */
bool cnn_network_read_counted(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                              cnn_reading_cost *cost, cnn_network *out, cnn_error *err);

#endif
