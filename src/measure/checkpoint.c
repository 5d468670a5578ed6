/*
 * Which layers are computed again in the backward pass, so that only what enters them is kept:
 * N parts of equally many rows, of which the last one is not (PyTorch's checkpoint_sequential), or
 * the rows that labels name. A row is an item at the top level.
 */
#include "measure/checkpoint.h"

#include "base/arena.h"
#include "base/names.h"
#include "base/text.h"
#include "net/network.h"

/* Whether a layer goes on with the row of the layer before. */
static bool goes_on(const cnn_network *net, int32_t i)
{
    const cnn_item *item = net->layers[i].item;
    return item != NULL && item->composite && i > item->first;
}

static bool fail(cnn_error *err, int32_t code, cnn_text place, cnn_text text, cnn_text best)
{
    const uint32_t begin = (uint32_t)(place.data - text.data);
    err->source = CNN_SOURCE_CHECKPOINT;
    return cnn_fail_words(err, code, (cnn_span){begin, begin + (uint32_t)place.size}, place, best);
}

/* Digits alone; false: something else, or too many. */
static bool read_count(cnn_text text, int64_t *out)
{
    *out = 0;
    bool digits = text.size > 0 && text.size < 10;
    for (size_t i = 0; digits && i < text.size; i++) {
        digits = cnn_is_digit(text.data[i]);
        *out = 10 * *out + (text.data[i] - '0');
    }
    return digits;
}

static bool split_rows(const cnn_network *net, cnn_text text, int64_t count, int32_t *parts,
                       cnn_error *err)
{
    int64_t rows = 0, row = -1;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        rows += !goes_on(net, i);
    }
    if (count < 1 || count > rows) {
        err->number[0] = count;
        err->number[1] = rows;
        return fail(err, CNN_E_CHECKPOINT_ROWS, text, text, (cnn_text){0});
    }
    const int64_t size = rows / count;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        row += !goes_on(net, i);
        parts[i] = row / size < count - 1 ? (int32_t)(row / size) + 1 : 0;
    }
    return true;
}

/* The rows that a label names: all layers of its item. False: there is none. */
static bool mark_label(const cnn_network *net, cnn_text label, int32_t part, int32_t *parts,
                       cnn_nearest *nearest)
{
    bool found = false;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_item *item = net->layers[i].item;
        if (item == NULL || item->label.size == 0) {
            continue;
        }
        cnn_nearest_offer(nearest, item->label);
        if (cnn_text_same(item->label, label)) {
            parts[i] = part;
            found = true;
        }
    }
    return found;
}

const int32_t *cnn_checkpoint_parts(const cnn_network *net, cnn_text text, cnn_arena *arena,
                                    cnn_error *err)
{
    int32_t *parts = CNN_NEW_ARRAY(arena, int32_t, net->layer_count);
    int64_t count;
    if (parts == NULL) {
        (void)cnn_fail_memory(err);
        return NULL;
    }
    memset(parts, 0, (size_t)net->layer_count * sizeof *parts);
    if (read_count(text, &count)) {
        return split_rows(net, text, count, parts, err) ? parts : NULL;
    }
    cnn_text rest = text;
    for (int32_t part = 1; rest.size > 0; part++) {
        const cnn_text label = cnn_text_trim(cnn_text_split(&rest, ','));
        cnn_nearest nearest = cnn_nearest_to(label);
        if (!mark_label(net, label, part, parts, &nearest)) {
            (void)fail(err, CNN_E_CHECKPOINT_LABEL, label, text, nearest.best);
            return NULL;
        }
    }
    return parts;
}
