/* Totals and final shape of a list, without keeping its layers. Used by --batch. */
#ifndef CNN_LANG_OUTLINE_H
#define CNN_LANG_OUTLINE_H

#include <cnncalc/cnncalc.h>

typedef struct cnn_outline {
    cnn_shape in; /* of the network */
    cnn_shape out;
    int32_t layer_count; /* with the input */
    cnn_totals totals;
} cnn_outline;

/* The outline of the network that cnn_network_read reads; every error is the same. */
bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_outline *out, cnn_error *err);

#endif
