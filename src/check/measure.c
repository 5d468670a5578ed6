/* The table of what can be asked about, and how it is added up. */
#include "check/measure.h"

#include "base/checked.h"
#include "net/memory.h"
#include "ops/op.h"

/* ---- counts of one layer ---- */

static int64_t weights_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return layer->weights;
}

static int64_t biases_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return layer->biases;
}

static int64_t params_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return layer->weights + layer->biases;
}

static int64_t statistics_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return layer->statistics;
}

static int64_t macs_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return layer->macs;
}

/* Doubled MACs fitted when the layer was resolved. */
static int64_t flops_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return 2 * layer->macs;
}

static int64_t activations_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    (void)numbers;
    return cnn_layer_activations(layer);
}

/* -1: it does not fit. */
static int64_t memory_of(const cnn_layer *layer, const cnn_numbers *numbers)
{
    int64_t bytes;
    return cnn_checked_mul(cnn_layer_activations(layer), numbers->samples, &bytes) &&
                   cnn_checked_mul(bytes, numbers->value_bytes, &bytes)
               ? bytes
               : -1;
}

/* ---- sizes and pairs ---- */

static const cnn_shape *input_of(const cnn_layer *layer)
{
    return &layer->in;
}

static const cnn_shape *output_of(const cnn_layer *layer)
{
    return &layer->out;
}

static bool field_of(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out)
{
    (void)layer;
    out[0] = (cnn_fraction){field->size[0], 1};
    out[1] = (cnn_fraction){field->size[1], 1};
    return true;
}

static bool jump_of(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out)
{
    out[0] = field->jump[0];
    out[1] = field->jump[1];
    return layer->out.axes > 0;
}

static bool start_of(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out)
{
    out[0] = field->start[0];
    out[1] = field->start[1];
    return layer->out.axes > 0;
}

/* ---- the table ---- */

const cnn_measure cnn_measures[] = {
    {"input", "in", "input", CNN_MEASURE_SIZE, .sizes = true, .size = input_of},
    {"output", "out size shape", "output", CNN_MEASURE_SIZE, .sizes = true, .size = output_of},
    {"weights", "weight", "weights", CNN_MEASURE_COUNT, .count = weights_of},
    {"biases", "bias", "biases", CNN_MEASURE_COUNT, .count = biases_of},
    {"params", "param parameters parameter", "parameters", CNN_MEASURE_COUNT, .count = params_of},
    {"statistics", "stats", "statistics", CNN_MEASURE_COUNT, .count = statistics_of},
    {"macs", "mac madds multadds", "MACs", CNN_MEASURE_COUNT, .work = true, .count = macs_of},
    {"flops", "flop", "FLOPs", CNN_MEASURE_COUNT, .work = true, .count = flops_of, .base = "macs",
     .factor = 2},
    {"activations", "values", "activations", CNN_MEASURE_COUNT, .with_input = true, .sizes = true,
     .count = activations_of},
    {"memory", "bytes", "bytes of the activations", CNN_MEASURE_COUNT, .with_input = true,
     .sizes = true, .count = memory_of},
    {"rf", "field receptive-field", "receptive field", CNN_MEASURE_PAIR, .pair = field_of},
    {"jump", "", "jump", CNN_MEASURE_PAIR, .pair = jump_of},
    {"start", "", "start", CNN_MEASURE_PAIR, .pair = start_of},
};

const size_t cnn_measure_count = CNN_LENGTH(cnn_measures);

static bool has_word(const char *words, cnn_text name)
{
    cnn_text rest = cnn_text_of(words);
    while (rest.size > 0) {
        if (cnn_text_same(cnn_text_split(&rest, ' '), name)) {
            return true;
        }
    }
    return false;
}

const cnn_measure *cnn_measure_find(cnn_text name)
{
    for (size_t i = 0; i < cnn_measure_count; i++) {
        if (cnn_text_is(name, cnn_measures[i].name) || has_word(cnn_measures[i].words, name)) {
            return &cnn_measures[i];
        }
    }
    return NULL;
}

/* ---- answers ---- */

cnn_subject cnn_subject_layer(int32_t index)
{
    return (cnn_subject){.first = index, .end = index + 1};
}

cnn_subject cnn_subject_total(const cnn_network *net)
{
    return (cnn_subject){.first = 1, .end = net->layer_count, .total = true};
}

bool cnn_subject_single(const cnn_subject *subject)
{
    return !subject->total && subject->item == 0;
}

/* The layer whose output is the subject's. */
static int32_t last_of(const cnn_subject *subject, const cnn_network *net)
{
    return subject->total ? net->output : subject->end - 1;
}

static bool add(const cnn_measure *measure, const cnn_layer *layer, const cnn_numbers *numbers,
                int64_t *sum)
{
    const int64_t count = measure->count(layer, numbers);
    return count >= 0 && cnn_checked_add(*sum, count, sum);
}

static bool sum_of(const cnn_measure *measure, const cnn_subject *subject, const cnn_layer *layers,
                   const cnn_numbers *numbers, int64_t *out)
{
    *out = 0;
    bool fits = !subject->total || !measure->with_input || add(measure, layers, numbers, out);
    for (int32_t i = subject->first; fits && i < subject->end; i++) {
        const bool left_out = subject->without_aux && layers[i].aux;
        fits = left_out || add(measure, &layers[i], numbers, out);
    }
    return fits;
}

bool cnn_answer_of(const cnn_measure *measure, const cnn_subject *subject, const cnn_layer *layers,
                   const cnn_numbers *numbers, cnn_answer *out)
{
    const int32_t last = last_of(subject, numbers->net);
    const int32_t entry = subject->total ? 1 : subject->first;
    *out = (cnn_answer){.kind = measure->kind, .numbers = 1};
    switch (measure->kind) {
    case CNN_MEASURE_COUNT:
        return sum_of(measure, subject, layers, numbers, &out->count);
    case CNN_MEASURE_SIZE:
        out->shape = *measure->size(&layers[measure->size == input_of ? entry : last]);
        return true;
    default:
        out->numbers = 0;
        if (numbers->fields == NULL || layers[0].out.axes == 0 ||
            !measure->pair(&numbers->fields[last], &layers[last], out->pair)) {
            return false;
        }
        out->numbers =
            out->pair[0].num == out->pair[1].num && out->pair[0].den == out->pair[1].den ? 1 : 2;
        return true;
    }
}

bool cnn_measure_has(const cnn_measure *measure, const cnn_layer *layer, const cnn_numbers *numbers)
{
    if (measure->kind == CNN_MEASURE_COUNT) {
        return measure->count(layer, numbers) > 0;
    }
    /* Functions of each value leave the size alone: nobody writes it down again. */
    const cnn_answer in = {.kind = CNN_MEASURE_SIZE, .shape = layer->in};
    const cnn_answer out = {.kind = CNN_MEASURE_SIZE, .shape = layer->out};
    return layer->op->reach != NULL || !cnn_answer_equal(&in, &out);
}

bool cnn_answer_equal(const cnn_answer *a, const cnn_answer *b)
{
    if (a->kind == CNN_MEASURE_COUNT) {
        return a->count == b->count;
    }
    bool equal = a->shape.channels == b->shape.channels;
    for (int32_t i = 0; i < CNN_AXES; i++) { /* sides beyond the axes are 0 */
        equal = equal && a->shape.side[i] == b->shape.side[i];
    }
    return equal;
}
