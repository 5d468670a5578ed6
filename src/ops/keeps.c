/* Sizes of what is kept for the backward pass, and the rules of frameworks' layers for which the
 * language has no word. Measured with PyTorch 1.13.1, see docs/memory.md. */
#include "ops/keeps.h"

#include "base/checked.h"

bool cnn_keeps_map(const cnn_shape *map, int64_t channels, int64_t *out)
{
    *out = channels;
    for (int32_t i = 0; i < map->axes; i++) {
        if (!cnn_checked_mul(*out, map->side[i], out)) {
            return false;
        }
    }
    return true;
}

/* A factor for each channel of each sample. */
bool cnn_keeps_padded(const cnn_shape *in, const int64_t *low, const int64_t *high, cnn_keeps *out)
{
    cnn_shape padded = *in;
    bool unequal = false;
    for (int32_t i = 0; i < in->axes; i++) {
        const int64_t more = high[i] - low[i];
        unequal = unequal || more != 0;
        if (!cnn_checked_add(padded.side[i], more < 0 ? -more : more, &padded.side[i])) {
            return false;
        }
    }
    if (!unequal) {
        return true;
    }
    out->storages = 0;
    out->why = "a copy of its input with what one side is padded more than the other";
    return cnn_keeps_map(&padded, padded.channels, &out->values);
}

static bool channels(const cnn_layer *layer, cnn_keeps *out)
{
    out->values = layer->in.channels;
    return true;
}

static bool values(const cnn_layer *layer, cnn_keeps *out)
{
    return cnn_keeps_map(&layer->in, layer->in.channels, &out->values);
}

/* Indices are of 64 bits in PyTorch, whatever the data type. */
static bool indices(const cnn_layer *layer, cnn_keeps *out)
{
    return cnn_keeps_map(&layer->out, layer->out.channels, &out->indices);
}

/* A number is kept as a tensor of 64 bits. */
static bool number(const cnn_layer *layer, cnn_keeps *out)
{
    (void)layer;
    out->bytes = 8;
    return true;
}

static bool inverse(const cnn_layer *layer, cnn_keeps *out)
{
    return number(layer, out) && values(layer, out);
}

/* The number that is raised is a tensor of one value. */
static bool base(const cnn_layer *layer, cnn_keeps *out)
{
    (void)layer;
    out->once = 1;
    return true;
}

/* One length for each place, as it is and with a lower bound. */
static bool lengths(const cnn_layer *layer, cnn_keeps *out)
{
    return cnn_keeps_map(&layer->in, 2, &out->values);
}

/* The powers that are averaged, and of the means sign, absolute value, its positive part, and what
 * the root is taken of. */
static bool powers(const cnn_layer *layer, cnn_keeps *out)
{
    int64_t means;
    out->bytes = 8;
    return values(layer, out) && cnn_keeps_map(&layer->out, layer->out.channels, &means) &&
           cnn_checked_mul(means, 4, &means) && cnn_checked_add(out->values, means, &out->values);
}

/* A mean and an inverse deviation of each channel, over all samples together. */
static bool batch_norm(const cnn_layer *layer, cnn_keeps *out)
{
    return cnn_checked_mul(layer->in.channels, 2, &out->once);
}

/* Running statistics and factors are repeated for each sample. */
static bool instance_norm(const cnn_layer *layer, cnn_keeps *out)
{
    return cnn_checked_mul(layer->in.channels, 2, &out->statistics) &&
           cnn_checked_mul(layer->in.channels, layer->weights > 0 ? 3 : 2, &out->values);
}

/* This padding is a tensor, unlike the zeros that a convolution adds by itself. */
static bool padded(const cnn_layer *layer, cnn_keeps *out)
{
    cnn_shape copy = layer->in;
    for (int32_t i = 0; i < copy.axes; i++) {
        copy.side[i] += layer->pad_low[i] + layer->pad_high[i]; /* fitted when it was resolved */
    }
    return cnn_keeps_map(&copy, copy.channels, &out->values);
}

const cnn_keep_rule cnn_keep_nothing = {.storages = 0};
const cnn_keep_rule cnn_keep_place = {.storages = CNN_KEEPS_PLACE};
const cnn_keep_rule cnn_keep_input = {.storages = CNN_KEEPS_INPUT,
                                      .why = "its input: its output is written beside it"};
const cnn_keep_rule cnn_keep_output = {.storages = CNN_KEEPS_OUTPUT,
                                       .why = "its output, from which its slope follows"};
const cnn_keep_rule cnn_keep_ends = {.storages = CNN_KEEPS_INPUT | CNN_KEEPS_OUTPUT,
                                     .why = "its input and its output"};
const cnn_keep_rule cnn_keep_indices = {.more = indices,
                                        .why = "where each value of its output was"};
const cnn_keep_rule cnn_keep_both = {.storages = CNN_KEEPS_OPERANDS,
                                     .why = "both inputs: they are compared again"};
const cnn_keep_rule cnn_keep_number = {.more = number, .why = "the number it multiplies by"};
const cnn_keep_rule cnn_keep_inverse = {
    .more = inverse, .why = "one divided by its input, and the number it multiplies by"};
const cnn_keep_rule cnn_keep_power = {.storages = CNN_KEEPS_INPUT | CNN_KEEPS_OUTPUT,
                                      .more = base,
                                      .why = "its input, its output and the number that is raised"};
const cnn_keep_rule cnn_keep_lengths = {.storages = CNN_KEEPS_INPUT,
                                        .more = lengths,
                                        .why = "its input, and the lengths it divides by"};
const cnn_keep_rule cnn_keep_channels = {.more = channels, .why = "which channels were dropped"};
const cnn_keep_rule cnn_keep_values = {.more = values, .why = "a step on the way to its output"};
const cnn_keep_rule cnn_keep_input_values = {.storages = CNN_KEEPS_INPUT,
                                             .more = values,
                                             .why =
                                                 "its input, and a step on the way to its output"};
const cnn_keep_rule cnn_keep_powers = {
    .storages = CNN_KEEPS_INPUT,
    .more = powers,
    .why = "its input, the powers of it, and four steps from their means to its output"};
const cnn_keep_rule cnn_keep_batch_norm = {.storages = CNN_KEEPS_INPUT,
                                           .more = batch_norm,
                                           .why =
                                               "its input, a mean and a deviation of each channel"};
const cnn_keep_rule cnn_keep_instance_norm = {
    .storages = CNN_KEEPS_INPUT,
    .more = instance_norm,
    .why = "its input, a mean and a deviation of each channel, and what is repeated per sample"};
const cnn_keep_rule cnn_keep_padded = {.more = padded, .why = "a padded copy of its input"};
const cnn_keep_rule cnn_keep_input_padded = {
    .storages = CNN_KEEPS_INPUT, .more = padded, .why = "its input, and a padded copy of it"};
