/* Totals and final shape of a list, without keeping its layers. Used by --batch. */
#ifndef CNN_LANG_OUTLINE_H
#define CNN_LANG_OUTLINE_H

#include <cnncalc/cnncalc.h>

/*
 * Totals and layer count of the network that cnn_network_read reads, which has no layers then;
 * every error is the same. ends->in and ends->out become the shapes that enter and leave it.
 */
bool cnn_outline_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                      cnn_network *out, cnn_layer *ends, cnn_error *err);

#endif
