/* The example networks, compiled in from examples/ when the library is built. */
#ifndef CNN_LANG_BUILTINS_H
#define CNN_LANG_BUILTINS_H

#include <cnncalc/cnncalc.h>

extern const cnn_example cnn_examples[];
extern const size_t cnn_example_count;

#endif
