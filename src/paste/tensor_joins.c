/* Sums, products and concatenations of tensors. */
#include "paste/flow.h"

/* Sides and channels that are equal or 1. */
static bool broadcast(cnn_shape *to, const cnn_shape *other)
{
    bool fits = to->axes == other->axes;
    /* -1 is the channels. */
    for (int32_t i = -1; i < to->axes && fits; i++) {
        int64_t *const mine = i < 0 ? &to->channels : &to->side[i];
        const int64_t its = i < 0 ? other->channels : other->side[i];
        fits = *mine == its || *mine == 1 || its == 1;
        *mine = *mine == 1 ? its : *mine;
    }
    return fits;
}

bool cnn_tensors_alike(const cnn_shape *a, const cnn_shape *b)
{
    bool same_shape = a->axes == b->axes && a->channels == b->channels;
    for (int32_t i = 0; i < a->axes; i++) {
        same_shape = same_shape && a->side[i] == b->side[i];
    }
    return same_shape;
}

/* One of two is noise of the same shape: only the other one is followed. A product keeps the noise,
 * which is as large. */
static bool join_noise(cnn_paster *p, const char *op, const cnn_py_node *place, const cnn_py *parts,
                       cnn_py *out)
{
    const cnn_py *other = parts[0].tensor->noise ? &parts[1] : &parts[0];
    const bool product = cnn_word_is(cnn_text_of(op), "mul");
    if (other->tensor->noise) {
        *out = *other;
        return true;
    }
    return cnn_tensor_values(p, other->tensor, product ? &cnn_keep_values : &cnn_keep_nothing,
                             place->span, out);
}

bool cnn_tensor_join(cnn_paster *p, const char *op, const cnn_py_node *place, const cnn_py *parts_,
                     int32_t count, cnn_py *out)
{
    const cnn_tensor **sources = cnn_paste_take(p, (size_t)count, sizeof(const cnn_tensor *));
    cnn_shape shape = parts_[0].tensor->shape;
    bool all_equal = true, fit = true;
    cnn_tensor *tensor;
    if (sources == NULL) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        sources[i] = parts_[i].tensor;
        all_equal = all_equal && cnn_tensors_alike(&sources[i]->shape, &sources[0]->shape);
        fit = fit && broadcast(&shape, &sources[i]->shape);
    }
    if (count == 1) {
        *out = parts_[0];
        return true;
    }
    cnn_spec spec = cnn_spec_of(op, sources, NULL, place->span);
    spec.source_count = count;
    const bool add = cnn_word_is(cnn_text_of(op), "add");
    /* A cat's sizes are checked by the builder, which also stretches the factors of a mul. */
    const bool cat = cnn_word_is(cnn_text_of(op), "cat");
    if (!cat && all_equal && count == 2 && (sources[0]->noise || sources[1]->noise)) {
        return join_noise(p, op, place, parts_, out);
    }
    if (add && !all_equal && fit) { /* one is stretched, which our add does not do */
        const cnn_known_layer known = {.what = "add", .out = shape, .source_count = count};
        if (!cnn_flow_known(p, &known, sources, NULL, place->span, &tensor)) {
            return false;
        }
    } else if (!cat && !all_equal && !fit) {
        p->err->shape[0] = sources[0]->shape;
        for (int32_t i = 1; i < count; i++) {
            p->err->shape[1] = sources[i]->shape;
            if (!cnn_tensors_alike(&sources[i]->shape, &sources[0]->shape)) {
                break;
            }
        }
        return cnn_fail(p->err, add ? CNN_E_ADD_SHAPES : CNN_E_MUL_SHAPES, place->span);
    } else if (!cnn_flow_add(p, &spec, &tensor)) {
        return false;
    }
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}
