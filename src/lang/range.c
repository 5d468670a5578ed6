/* The range check of every number, known from the text or computed. */
#include "lang/range.h"

bool cnn_attr_set(const cnn_op *op, cnn_attrs *attrs, cnn_attr attr, int32_t axis, int64_t value,
                  cnn_span span, cnn_error *err)
{
    const cnn_use *use = cnn_use_of(op, attr);
    const bool above = use->most > 0 && value > use->most;
    if (value < use->least || above) {
        err->word[0] = cnn_text_of(cnn_attr_names[attr].what);
        const int32_t code = op->decimal ? CNN_E_PROBABILITY
                             : above     ? CNN_E_TOO_LARGE
                                         : CNN_E_TOO_SMALL;
        return cnn_fail_numbers(err, code, span, value, above ? use->most : use->least);
    }
    int64_t *const target = attrs->value[attr];
    for (int32_t i = 0; i < CNN_AXES; i++) {
        target[i] = axis < 0 || i == axis ? value : target[i];
    }
    return true;
}
