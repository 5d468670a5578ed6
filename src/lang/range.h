/* Putting a number into a layer's attributes, when it lies in the range that its kind allows. */
#ifndef CNN_LANG_RANGE_H
#define CNN_LANG_RANGE_H

#include "ops/op.h"

/* `axis` -1 sets all axes. */
bool cnn_attr_set(const cnn_op *op, cnn_attrs *attrs, cnn_attr attr, int32_t axis, int64_t value,
                  cnn_span span, cnn_error *err);

#endif
