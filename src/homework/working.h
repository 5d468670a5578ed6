/* The working of a right answer. */
#ifndef CNN_HOMEWORK_WORKING_H
#define CNN_HOMEWORK_WORKING_H

#include "base/out.h"
#include "homework/measure.h"

/* Writes the working of one layer, in lines of its own; false, and nothing is written, for what is
 * not one layer's. */
bool cnn_working_write(cnn_out *out, const cnn_network *net, const cnn_measure *measure,
                       const cnn_subject *subject, cnn_arena scratch);

#endif
