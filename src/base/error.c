/* Recording errors: the first one wins. */
#include "base/error.h"

bool cnn_fail(cnn_error *err, int32_t code, cnn_span span)
{
    if (err->code == CNN_OK) {
        err->code = code;
        err->span = span;
    }
    return false;
}

/* Numbers and words belong to the first error too: a later one must not change them. */
bool cnn_fail_numbers(cnn_error *err, int32_t code, cnn_span span, int64_t n0, int64_t n1)
{
    if (err->code == CNN_OK) {
        err->number[0] = n0;
        err->number[1] = n1;
    }
    return cnn_fail(err, code, span);
}

bool cnn_fail_words(cnn_error *err, int32_t code, cnn_span span, cnn_text a, cnn_text b)
{
    if (err->code == CNN_OK) {
        err->word[0] = a;
        err->word[1] = b;
    }
    return cnn_fail(err, code, span);
}

bool cnn_fail_memory(cnn_error *err)
{
    return cnn_fail(err, CNN_OUT_OF_MEMORY, (cnn_span){0, 0});
}
