/* The working of a right answer. */
#ifndef CNN_EXPLAIN_WORKING_H
#define CNN_EXPLAIN_WORKING_H

#include "base/json.h"
#include "measure/quantity.h"

/* Writes the working of one layer: lines of text, or objects of `json` unless that is NULL; nothing
 * for what has none. The only error is that there is no memory for it. */
void cnn_working_write(cnn_out *out, cnn_json *json, const cnn_numbers *numbers,
                       const cnn_quantity *what, const cnn_subject *subject, cnn_arena scratch,
                       cnn_error *err);

#endif
