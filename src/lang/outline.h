/* Totals and final shape of a list, without keeping its layers. Used by --batch. */
#ifndef CNN_LANG_OUTLINE_H
#define CNN_LANG_OUTLINE_H

#include "net/network.h"

/*
 * Totals and layer count of the network that cnn_network_read reads, which has no layers then;
 * every error is the same. ends->in and ends->out become the shapes that enter and leave it.
 * `standard` is the size that settings->standard_input gives; NULL: it is read again. The watcher,
 * unless it is NULL, is shown all layers. With reuse(label) the layers are kept: out->layers is not
 * NULL, and what the watcher has seen means nothing.
 */
bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      const cnn_shape *standard, cnn_watcher *watcher, cnn_network *out,
                      cnn_layer *ends, cnn_error *err);

#endif
