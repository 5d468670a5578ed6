/*
 * From text to network without a tree in between: plain layers, joins of them and groups with a
 * small count are appended while they are read. Everything else (labels, definitions and their
 * calls, other counts) becomes a tree first, which is then expanded.
 */
#ifndef CNN_LANG_STREAM_H
#define CNN_LANG_STREAM_H

#include "lang/expand.h"
#include "lang/parse.h"

/*
 * Reads items up to the end of the list or, inside a join, of the branch. They read the output of
 * layer *value and leave their own there; *any: there are some.
 */
bool cnn_stream_list(cnn_parser *ps, cnn_expander *x, cnn_place at, int32_t *value, bool *any);

#endif
