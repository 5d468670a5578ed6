/*
 * Operations, values and bytes counted by another convention. Right are kh kw (C/g) N Ho Wo MACs,
 * and FLOPs twice as many.
 */
#include "base/checked.h"
#include "check/mistake.h"
#include "measure/memory.h"
#include "net/network.h"

/* ---- MACs of one layer ---- */

static bool set_macs(cnn_layer *layer, int64_t macs)
{
    int64_t flops;
    layer->macs = macs;
    return cnn_checked_mul(macs, 2, &flops);
}

static bool bias_in_macs(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    int64_t more, macs;
    return layer->biases > 0 && layer->macs > 0 &&
           cnn_checked_mul(layer->biases, cnn_shape_positions(&layer->out), &more) &&
           cnn_checked_add(layer->macs, more, &macs) && set_macs(layer, macs);
}

static bool macs_at(cnn_layer *layer, int64_t positions)
{
    int64_t macs;
    return layer->macs > 0 && cnn_checked_mul(layer->weights, positions, &macs) &&
           set_macs(layer, macs);
}

static bool macs_at_input(const cnn_slip *slip)
{
    return macs_at(slip->layer, cnn_shape_positions(&slip->layer->in));
}

static bool macs_at_output(const cnn_slip *slip)
{
    return macs_at(slip->layer, cnn_shape_positions(&slip->layer->out));
}

static bool macs_once(const cnn_slip *slip)
{
    return macs_at(slip->layer, 1);
}

static bool macs_side_once(const cnn_slip *slip)
{
    const cnn_layer *layer = slip->layer;
    const cnn_shape *map = layer->op->role == CNN_ROLE_TRANSPOSED ? &layer->in : &layer->out;
    return map->axes == 2 && macs_at(slip->layer, map->side[slip->variant]);
}

/* ---- FLOPs that are not twice the MACs ---- */

/* How many output values a layer computes with MACs; of a transposed one, how many additions are
 * none depends on the place. */
static bool outputs_of(const cnn_layer *layer, int64_t *out)
{
    *out = 0;
    return layer->macs == 0 ||
           (layer->op->role != CNN_ROLE_TRANSPOSED && cnn_shape_volume(&layer->out, out));
}

/* n products take n - 1 additions */
static bool one_less(const cnn_counting *as, int64_t *out)
{
    int64_t values;
    const bool known = outputs_of(as->layer, &values);
    *out = 2 * as->layer->macs - values;
    return known;
}

/* and the bias one more */
static bool bias_added(const cnn_counting *as, int64_t *out)
{
    int64_t values;
    return outputs_of(as->layer, &values) &&
           cnn_checked_add(2 * as->layer->macs, as->layer->biases > 0 ? values : 0, out);
}

/* Multiplications are as many as MACs; of additions only these for each output value. */
static bool with_additions(const cnn_layer *layer, int64_t each, int64_t *out)
{
    int64_t values, additions;
    if (layer->op->role != CNN_ROLE_CONV) {
        *out = 2 * layer->macs;
        return true;
    }
    return outputs_of(layer, &values) && cnn_checked_mul(values, each, &additions) &&
           cnn_checked_add(layer->macs, additions, out);
}

static int64_t depth_of(const cnn_layer *layer)
{
    return layer->in.channels / cnn_groups(layer);
}

static bool kernel_additions(const cnn_counting *as, int64_t *out)
{
    int64_t kernel;
    return cnn_kernel_positions(as->layer, &kernel) && with_additions(as->layer, kernel - 1, out);
}

static bool slice_additions(const cnn_counting *as, int64_t *out)
{
    int64_t kernel, each;
    return cnn_kernel_positions(as->layer, &kernel) &&
           cnn_checked_mul(depth_of(as->layer), kernel - 1, &each) &&
           with_additions(as->layer, each, out);
}

static bool channel_additions(const cnn_counting *as, int64_t *out)
{
    return with_additions(as->layer, depth_of(as->layer) - as->variant, out);
}

/* ---- values and bytes ---- */

static bool no_channels(const cnn_counting *as, int64_t *out)
{
    const int64_t values = cnn_layer_activations(as->layer, as->numbers->memory, NULL);
    *out = as->layer->out.channels > 0 ? values / as->layer->out.channels : 0;
    return true;
}

static bool bytes_forgotten(const cnn_counting *as, int64_t *out)
{
    *out = cnn_layer_activations(as->layer, as->numbers->memory, NULL);
    return as->numbers->value_bytes > 1;
}

static bool params_bytes(const cnn_counting *as, int64_t *out)
{
    return cnn_checked_mul(as->layer->weights + as->layer->biases, as->numbers->value_bytes, out);
}

/* ---- made of the right amount ---- */

/* 2 x MACs where MACs are asked; 2 x FLOPs */
static bool doubled(const cnn_counting *as, int64_t *out)
{
    return cnn_checked_mul(as->right, 2, out);
}

static bool halved(const cnn_counting *as, int64_t *out)
{
    *out = as->right / 2;
    return as->right % 2 == 0;
}

static bool bits(const cnn_counting *as, int64_t *out)
{
    return cnn_checked_mul(as->right, 8, out);
}

/* Those of --samples, or a usual number of them. */
static const int64_t usual_samples[] = {8, 10, 16, 20, 32, 50, 64, 100, 128, 256, 512};
enum { USUAL = CNN_LENGTH(usual_samples) };

static bool samples_counted(const cnn_counting *as, int64_t *out)
{
    const int64_t samples = as->variant < USUAL ? usual_samples[as->variant] : as->numbers->samples;
    return samples > 1 && cnn_checked_mul(as->right, samples, out);
}

static bool one_sample(const cnn_counting *as, int64_t *out)
{
    *out = as->right / as->numbers->samples;
    return as->numbers->samples > 1;
}

/* Bytes of as many values as pass at once. */
#define VALUES "memory peak_memory ram ram_bound kept"

static const cnn_mistake rows[] = {
    {"flops-for-macs", "the factor 2 between MACs and FLOPs is applied once too often",
     "2*C*N*kh*kw*Ho*Wo", "2*C*N*kh*kw*H*W", .features = "2*n*N", .of = "macs", .rank = 1,
     .factor = true, .value = doubled},
    {"flops-for-macs", "the factor 2 between MACs and FLOPs is applied twice", "4*C*N*kh*kw*Ho*Wo",
     "4*C*N*kh*kw*H*W", .features = "4*n*N", .of = "flops", .rank = 1, .factor = true,
     .value = doubled},
    {"macs-for-flops", "MACs are given for FLOPs, which are twice as many", "C*N*kh*kw*Ho*Wo",
     "C*N*kh*kw*H*W", .features = "n*N", .of = "flops", .rank = 1, .factor = true, .value = halved},
    {"macs-for-flops", "MACs are halved as if they were FLOPs", "C*N*kh*kw*Ho*Wo/2",
     "C*N*kh*kw*H*W/2", .features = "n*N/2", .of = "macs", .rank = 2, .factor = true,
     .value = halved},
    {"bias-in-macs", "one more per output is counted for the bias, as some programs do",
     .macs = "(C*kh*kw + 1)*N*Ho*Wo", .features = "(n + 1)*N", .rank = 1, .where = CNN_WEIGHTED,
     .count = bias_in_macs},
    {"bias-in-flops", "one addition more is counted for each output's bias",
     "(2*C*kh*kw + 1)*N*Ho*Wo", .features = "(2*n + 1)*N", .of = "flops", .rank = 1,
     .term = bias_added},
    {"one-addition-less", "n products are added with n - 1 additions", "(2*C*kh*kw - 1)*N*Ho*Wo",
     .features = "(2*n - 1)*N", .of = "flops", .rank = 1, .term = one_less},
    {"few-additions", "kh*kw - 1 additions are counted for each output, whatever the channels",
     "(C*kh*kw + kh*kw - 1)*N*Ho*Wo", .of = "flops", .rank = 2, .term = kernel_additions},
    {"few-additions", "kh*kw - 1 additions are counted for each input channel",
     "C*(2*kh*kw - 1)*N*Ho*Wo", .of = "flops", .rank = 2, .term = slice_additions},
    {"few-additions", "one addition is counted for each input channel", "(C*kh*kw + C)*N*Ho*Wo",
     .of = "flops", .rank = 2, .variants = 2, .term = channel_additions},
    {"macs-at-input", "the input's size is used in place of the output's", .macs = "C*N*kh*kw*H*W",
     .rank = 1, .where = CNN_IS(CONV), .count = macs_at_input},
    {"macs-at-output",
     "the output's size is used in place of the input's, for a transposed convolution",
     .macs = "C*N*kh*kw*Ho*Wo", .rank = 1, .where = CNN_IS(TRANSPOSED), .count = macs_at_output},
    {"macs-once", "each weight is counted once, not at each position", .macs = "C*N*kh*kw",
     .rank = 1, .where = CNN_CONVS, .count = macs_once},
    {"macs-side-once", "one side of the map is counted instead of both", .macs = "C*N*kh*kw*Ho",
     .rank = 2, .variants = 2, .where = CNN_CONVS, .count = macs_side_once},
    {"samples-counted", "all samples of a batch are counted", .of = "macs flops activations",
     .rank = 1, .variants = USUAL + 1, .factor = true, .value = samples_counted},
    {"one-sample", "one sample is counted instead of all", .of = VALUES, .rank = 1, .factor = true,
     .value = one_sample},
    {"bits-for-bytes", "bits are given for bytes", "8*v*b", .of = VALUES " flash file", .rank = 1,
     .factor = true, .value = bits},
    {"values-for-bytes", "values are counted, not their bytes", "v", .of = "memory", .rank = 1,
     .factor = true, .term = bytes_forgotten},
    {"params-bytes", "the bytes of the parameters are counted, not of the activations",
     .of = "memory", .rank = 2, .term = params_bytes},
    {"no-channels", "the channels are forgotten", "H*W", .of = "activations", .rank = 1,
     .term = no_channels},
    {"thousand-1024", "K, M and G are taken as powers of 1024, or MiB are called MB", .rank = 1,
     .factor = true, .rebase = true},
};

const cnn_mistake_family cnn_mistakes_work = {rows, CNN_LENGTH(rows)};

const cnn_mistake cnn_mistake_other_input = {"other-input", "it is counted for another input",
                                             .rank = 0};
