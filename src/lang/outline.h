/* What a list comes to, for those who want no layers: many lists are read so. */
#ifndef CNN_LANG_OUTLINE_H
#define CNN_LANG_OUTLINE_H

#include <cnncalc/cnncalc.h>

typedef struct cnn_outline {
    const cnn_shape *in; /* of the network; both lie in the arena or the memo */
    const cnn_shape *out;
    int32_t layer_count; /* with the input */
    cnn_totals totals;
} cnn_outline;

/* The outline of the network that cnn_network_read reads; every error is the same. */
bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_outline *out, cnn_error *err);

#endif
