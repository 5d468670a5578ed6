/* What a quantity is of a layer, of several, or of the network; the one place that adds up. */
#include "base/checked.h"
#include "measure/quantity.h"
#include "ops/op.h"

cnn_subject cnn_subject_layer(int32_t index)
{
    return (cnn_subject){.first = index, .end = index + 1};
}

cnn_subject cnn_subject_total(const cnn_network *net)
{
    return (cnn_subject){.first = net->input_count, .end = net->layer_count, .total = true};
}

bool cnn_subject_single(const cnn_subject *subject)
{
    return !subject->total && subject->item == 0;
}

bool cnn_layer_count(const cnn_quantity *what, const cnn_layer *layer, const cnn_numbers *numbers,
                     int64_t *out)
{
    return what->count != NULL && what->count(layer, numbers, NULL, out);
}

static bool add(const cnn_quantity *what, const cnn_layer *layer, const cnn_numbers *numbers,
                int64_t *sum)
{
    int64_t count;
    return what->count(layer, numbers, NULL, &count) && cnn_checked_add(*sum, count, sum);
}

/* What only the network has is not the sum of anything. */
static bool whole_of(const cnn_quantity *what, const cnn_subject *subject,
                     const cnn_numbers *numbers, int64_t *out)
{
    if (!subject->total || subject->without_aux) {
        return false;
    }
    if (what->total != NULL) {
        *out = what->total(numbers->net);
        return true;
    }
    return what->network(numbers, out);
}

bool cnn_sum_of(const cnn_quantity *what, const cnn_subject *subject, const cnn_layer *layers,
                const cnn_numbers *numbers, int64_t *out)
{
    if (what->count == NULL) {
        return whole_of(what, subject, numbers, out);
    }
    if (what->network != NULL && subject->total && layers == numbers->net->layers) {
        return what->network(numbers, out); /* it was added up before */
    }
    *out = 0;
    bool fits = true;
    for (int32_t i = 0; fits && subject->total && what->with_input && i < subject->first; i++) {
        fits = add(what, &layers[i], numbers, out);
    }
    for (int32_t i = subject->first; fits && i < subject->end; i++) {
        const bool left_out = subject->without_aux && layers[i].aux;
        fits = left_out || add(what, &layers[i], numbers, out);
    }
    return fits;
}

bool cnn_total_of(const cnn_quantity *what, const cnn_numbers *numbers, int64_t *out)
{
    if (what->total != NULL) {
        *out = what->total(numbers->net);
        return true;
    }
    if (what->network != NULL) {
        return what->network(numbers, out);
    }
    const cnn_subject all = cnn_subject_total(numbers->net);
    return cnn_sum_of(what, &all, numbers->net->layers, numbers, out);
}

static bool pair_of(const cnn_quantity *what, int32_t last, const cnn_layer *layers,
                    const cnn_numbers *numbers, cnn_answer *out)
{
    const int32_t axes = layers[0].out.axes;
    if (numbers->fields == NULL || axes == 0 ||
        !what->pair(&numbers->fields[last], &layers[last], out->pair)) {
        out->numbers = 0;
        return false;
    }
    out->axes = axes;
    out->numbers = 1;
    for (int32_t i = 1; i < axes; i++) {
        const bool same =
            out->pair[i].num == out->pair[0].num && out->pair[i].den == out->pair[0].den;
        out->numbers = same ? out->numbers : axes;
    }
    out->only = 0;
    for (int32_t i = 0; i < axes && axes == 2; i++) {
        const int64_t *side = layers[0].out.side;
        out->only = side[i] > 1 && side[1 - i] == 1 ? i + 1 : out->only;
    }
    return true;
}

bool cnn_answer_of(const cnn_quantity *what, const cnn_subject *subject, const cnn_layer *layers,
                   const cnn_numbers *numbers, cnn_answer *out)
{
    /* The layer whose output is the subject's. */
    const int32_t last = subject->total ? numbers->net->output : subject->end - 1;
    const bool enters = what->size != NULL && what->size(&layers[last]) == &layers[last].in;
    out->kind = what->kind;
    out->numbers = 1;
    switch (what->kind) {
    case CNN_QUANTITY_COUNT:
        return cnn_sum_of(what, subject, layers, numbers, &out->count);
    case CNN_QUANTITY_SIZE:
        out->shape = !enters          ? layers[last].out
                     : subject->total ? layers[0].out
                                      : layers[subject->first].in;
        return true;
    default:
        return pair_of(what, last, layers, numbers, out);
    }
}

bool cnn_fail_overflow(cnn_error *err, const cnn_quantity *what, const cnn_network *net)
{
    return cnn_fail_words(err, CNN_E_OVERFLOW, net->layers[net->layer_count - 1].span,
                          cnn_text_of(what->whole != NULL ? what->whole : what->noun),
                          (cnn_text){0});
}

bool cnn_quantity_has(const cnn_quantity *what, const cnn_layer *layer, const cnn_numbers *numbers)
{
    if (what->kind == CNN_QUANTITY_COUNT) {
        int64_t count;
        return cnn_layer_count(what, layer, numbers, &count) && count > 0;
    }
    /* Functions of each value leave the size alone: it is not written down again. */
    const cnn_answer in = {.kind = CNN_QUANTITY_SIZE, .shape = layer->in};
    const cnn_answer out = {.kind = CNN_QUANTITY_SIZE, .shape = layer->out};
    return layer->op->reach != NULL || !cnn_answer_equal(&in, &out);
}

bool cnn_share_of(int64_t part, int64_t whole, cnn_fraction *out)
{
    while (whole > INT64_MAX / 2048) { /* both halved, so that part * 1000 fits */
        part /= 2;
        whole /= 2;
    }
    *out = (cnn_fraction){whole == 0 ? 0 : (part * 1000 + whole / 2) / whole, 10};
    return whole > 0;
}

bool cnn_answer_equal(const cnn_answer *a, const cnn_answer *b)
{
    if (a->kind == CNN_QUANTITY_COUNT) {
        return a->count == b->count;
    }
    bool equal = a->shape.channels == b->shape.channels;
    for (int32_t i = 0; i < CNN_AXES; i++) { /* sides beyond the axes are 0 */
        equal = equal && a->shape.side[i] == b->shape.side[i];
    }
    return equal;
}
