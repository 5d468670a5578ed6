/* Putting a number into a layer's attributes, when it lies in the range that its kind allows. */
#ifndef CNN_LANG_RANGE_H
#define CNN_LANG_RANGE_H

#include "ops/op.h"

/* Whether the kind takes the attribute, and this number for it. */
static inline bool cnn_in_range(const cnn_use *use, int64_t n)
{
    return use->need != CNN_NEVER && n >= use->least && (use->most == 0 || n <= use->most);
}

/* `axis` -1 sets all axes. */
bool cnn_attr_set(const cnn_op *op, cnn_attrs *attrs, cnn_attr attr, int32_t axis, int64_t value,
                  cnn_span span, cnn_error *err);

/* The stride of a pooling is its kernel unless it is given: its standard is 0. */
static inline void cnn_stride_complete(const cnn_op *op, cnn_attrs *attrs)
{
    if (cnn_use_of(op, CNN_STRIDE)->standard == 0 && (attrs->given >> CNN_STRIDE & 1) == 0) {
        for (int32_t i = 0; i < CNN_AXES; i++) {
            attrs->value[CNN_STRIDE][i] = attrs->value[CNN_SIZE][i];
        }
    }
}

#endif
