/* The working of a right answer. */
#ifndef CNN_HOMEWORK_WORKING_H
#define CNN_HOMEWORK_WORKING_H

#include "base/out.h"
#include "check/measure.h"

/* Writes the working of one layer, in lines of its own; nothing for what has none. The only error
 * is that there is no memory for it. */
void cnn_working_write(cnn_out *out, const cnn_network *net, const cnn_measure *measure,
                       const cnn_subject *subject, cnn_arena scratch, cnn_error *err);

#endif
