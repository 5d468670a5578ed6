/* The table of quantities: how each is computed, what it is called, where it is shown. */
#include "measure/quantity.h"

#include <assert.h>
#include <string.h>

#include "base/checked.h"
#include "measure/memory.h"
#include "ops/op.h"

/* ---- counts of a layer ---- */

#define COUNT(name)                                                                                \
    static bool name(const cnn_layer *layer, const cnn_numbers *numbers, const cnn_trace *trace,   \
                     int64_t *out)

COUNT(weights_of)
{
    (void)numbers, (void)trace;
    *out = layer->weights;
    return true;
}

COUNT(biases_of)
{
    (void)numbers, (void)trace;
    *out = layer->biases;
    return true;
}

COUNT(params_of)
{
    (void)numbers, (void)trace;
    return cnn_checked_add(layer->weights, layer->biases, out);
}

COUNT(trained_of)
{
    *out = 0;
    return layer->frozen || params_of(layer, numbers, trace, out);
}

COUNT(frozen_of)
{
    *out = 0;
    return !layer->frozen || params_of(layer, numbers, trace, out);
}

COUNT(statistics_of)
{
    (void)numbers, (void)trace;
    *out = layer->statistics;
    return true;
}

COUNT(macs_of)
{
    (void)numbers, (void)trace;
    *out = layer->macs;
    return true;
}

COUNT(flops_of)
{
    (void)numbers, (void)trace;
    return cnn_checked_mul(layer->macs, 2, out);
}

COUNT(activations_of)
{
    if (numbers->memory == NULL) {
        return false;
    }
    *out = cnn_layer_activations(layer, numbers->memory, trace);
    return true;
}

COUNT(memory_of)
{
    return activations_of(layer, numbers, NULL, out) &&
           cnn_activation_bytes(*out, numbers->samples, numbers->value_bytes, trace, out);
}

/* Quantised weights have biases of 32 bits, for the sums that they are added to. */
static int64_t bias_bytes(const cnn_numbers *numbers)
{
    return numbers->weight_bits < 16 ? 4 : numbers->weight_bits / 8;
}

/* Of a layer: its weights, which fill whole bytes, and its biases. Eight weights fill as many bytes
 * as one has bits, so that bits need not fit into 64 bits. */
static bool parameter_bytes(const cnn_layer *layer, const cnn_numbers *numbers, int64_t *out)
{
    const int64_t rest = layer->weights % 8 * numbers->weight_bits;
    int64_t biases;
    return cnn_checked_mul(layer->weights / 8, numbers->weight_bits, out) &&
           cnn_checked_add(*out, rest / 8 + (rest % 8 > 0), out) &&
           cnn_checked_mul(layer->biases, bias_bytes(numbers), &biases) &&
           cnn_checked_add(*out, biases, out);
}

static void tell_bytes(const cnn_trace *trace, const char *formula, int64_t count, int64_t bytes,
                       int64_t sum)
{
    if (trace != NULL && count > 0) {
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_COUNT,
                                    .joining = CNN_SUMMED,
                                    .formula = formula,
                                    .value = {count, bytes},
                                    .result = sum});
    }
}

/* Of a layer: parameters and statistics as they are stored. */
static bool stored_bytes(const cnn_layer *layer, const cnn_numbers *numbers, const cnn_trace *trace,
                         int64_t *out)
{
    const int64_t b = bias_bytes(numbers);
    int64_t parameters, statistics;
    if (!parameter_bytes(layer, numbers, &parameters) ||
        !cnn_checked_mul(layer->statistics, b, &statistics) ||
        !cnn_checked_add(parameters, statistics, out)) {
        return false;
    }
    tell_bytes(trace, "ceil(w*b/8)", layer->weights, numbers->weight_bits,
               parameters - layer->biases * b);
    tell_bytes(trace, "f*c", layer->biases, b, parameters);
    tell_bytes(trace, "m*c", layer->statistics, b, *out);
    return true;
}

COUNT(flash_of)
{
    *out = 0;
    return layer->aux || stored_bytes(layer, numbers, trace, out);
}

/* The tensors of a file that PyTorch saves: it also counts the batches of each batch norm. */
COUNT(file_of)
{
    enum { COUNTER = 8 };
    const int64_t counters = layer->statistics > 0;
    if (!stored_bytes(layer, numbers, trace, out) ||
        !cnn_checked_add(*out, counters * COUNTER, out)) {
        return false;
    }
    tell_bytes(trace, "n*k", counters, COUNTER, *out);
    return true;
}

COUNT(kept_of)
{
    const cnn_kept_form form = cnn_numbers_kept_form(numbers);
    return numbers->kept != NULL &&
           cnn_layer_kept(numbers->net, layer, numbers->kept, &form, trace, out);
}

/* A part that is computed again does its forward pass twice. */
COUNT(recompute_of)
{
    const bool again = numbers->parts != NULL && numbers->parts[layer->index] > 0;
    *out = again ? layer->macs : 0;
    if (trace != NULL && again) {
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_COUNT,
                                    .formula = "M",
                                    .value = {layer->macs},
                                    .result = *out,
                                    .note = "once more, in the backward pass"});
    }
    return numbers->kept != NULL;
}

/* Of the weights where they are trained, and of the input where something before it is. */
COUNT(backward_of)
{
    *out = 0;
    if (numbers->kept == NULL) {
        return false;
    }
    const bool trained = layer->macs > 0 && !layer->frozen;
    const bool wants = layer->source_count > 0 && numbers->kept[layer->sources[0]].wants;
    const int64_t passes = trained + wants;
    if (!cnn_checked_mul(layer->macs, passes, out)) {
        return false;
    }
    if (trace != NULL && layer->macs > 0) {
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_COUNT,
                                    .formula = "n*M",
                                    .value = {passes, layer->macs},
                                    .result = *out,
                                    .note = passes == 2 ? "for the weights and for the input"
                                            : trained ? "for the weights; nothing before is trained"
                                            : wants   ? "for the input; the weights are frozen"
                                                      : "nothing up to here is trained"});
    }
    return true;
}

/* ---- totals that are known without the layers ---- */

#define TOTAL(field)                                                                               \
    static int64_t total_##field(const cnn_network *net)                                           \
    {                                                                                              \
        return net->totals.field;                                                                  \
    }

TOTAL(params)
TOTAL(params_without_aux)
TOTAL(weights)
TOTAL(biases)
TOTAL(statistics)
TOTAL(statistics_without_aux)
TOTAL(macs)
TOTAL(frozen)

static int64_t total_trained(const cnn_network *net)
{
    return net->totals.params - net->totals.frozen;
}

/* Doubled MACs fitted when the network was read. */
static int64_t total_flops(const cnn_network *net)
{
    return 2 * net->totals.macs;
}

/* The inputs are no layers of the list. */
static int64_t total_layers(const cnn_network *net)
{
    return net->layer_count - net->input_count;
}

/* ---- numbers of the whole network ---- */

static bool params_memory(const cnn_numbers *numbers, int64_t *out)
{
    *out = 0;
    for (int32_t i = 0; i < numbers->net->layer_count; i++) {
        int64_t bytes;
        if (!parameter_bytes(&numbers->net->layers[i], numbers, &bytes) ||
            !cnn_checked_add(*out, bytes, out)) {
            return false;
        }
    }
    return true;
}

/* One block for the activations, in bytes. */
static bool ram(const cnn_numbers *numbers, int64_t *out)
{
    return numbers->ram > 0 &&
           cnn_activation_bytes(numbers->ram, numbers->samples, numbers->value_bytes, NULL, out);
}

static bool ram_bound(const cnn_numbers *numbers, int64_t *out)
{
    return numbers->ram_bound > 0 && cnn_activation_bytes(numbers->ram_bound, numbers->samples,
                                                          numbers->value_bytes, NULL, out);
}

static bool peak(const cnn_numbers *numbers, int64_t *out)
{
    *out = numbers->memory != NULL ? numbers->memory->peak : -1;
    return *out >= 0;
}

static bool peak_memory(const cnn_numbers *numbers, int64_t *out)
{
    return peak(numbers, out) &&
           cnn_activation_bytes(*out, numbers->samples, numbers->value_bytes, NULL, out);
}

/* Of auxiliary heads, which do not run, there are none. */
static bool train_params(const cnn_numbers *numbers, int64_t *out)
{
    return cnn_checked_mul(numbers->net->totals.params_without_aux, numbers->value_bytes, out);
}

static bool gradients(const cnn_numbers *numbers, int64_t *out)
{
    return numbers->kept != NULL &&
           cnn_checked_mul(numbers->training.params, numbers->value_bytes, out);
}

static bool optimizer(const cnn_numbers *numbers, int64_t *out)
{
    const cnn_kept_form form = cnn_numbers_kept_form(numbers);
    return numbers->kept != NULL && cnn_optimizer_state(&numbers->training, &form, out);
}

static bool kept(const cnn_numbers *numbers, int64_t *out)
{
    *out = numbers->kept_total;
    return numbers->kept != NULL && *out >= 0;
}

static bool train_peak(const cnn_numbers *numbers, int64_t *out)
{
    *out = numbers->train_peak;
    return *out >= 0;
}

/* Parameters, gradients, the optimizer's state and what is kept. */
static bool train(const cnn_numbers *numbers, int64_t *out)
{
    int64_t params, more, state;
    return kept(numbers, out) && train_params(numbers, &params) && gradients(numbers, &more) &&
           optimizer(numbers, &state) && cnn_checked_add(*out, params, out) &&
           cnn_checked_add(*out, more, out) && cnn_checked_add(*out, state, out);
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
    for (int32_t i = 0; i < CNN_AXES; i++) {
        out[i] = (cnn_fraction){field->size[i], 1};
    }
    return true;
}

/* A vector has no positions between which one could jump. */
static bool jump_of(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out)
{
    memcpy(out, field->jump, sizeof field->jump);
    return layer->out.axes > 0;
}

static bool start_of(const cnn_field *field, const cnn_layer *layer, cnn_fraction *out)
{
    memcpy(out, field->start, sizeof field->start);
    return layer->out.axes > 0;
}

/* ---- the table ---- */

/* What adds up has a share of the whole. */
#define SHARE(word)                                                                                \
    {                                                                                              \
        word "%", word "_share"                                                                    \
    }

enum {
    SIZE_STEPS = CNN_STEP_BIT(EXTENT) | CNN_STEP_BIT(SIDE) | CNN_STEP_BIT(LAST) |
                 CNN_STEP_BIT(LIMIT) | CNN_STEP_BIT(PAD) | CNN_STEP_BIT(PAD_ALL) |
                 CNN_STEP_BIT(PAD_LOW) | CNN_STEP_BIT(PAD_HIGH) | CNN_STEP_BIT(EXTRA) |
                 CNN_STEP_BIT(CHANNELS) | CNN_STEP_BIT(FEATURES),
    SHOWN_IN_JSON = CNN_IN_JSON | CNN_IN_TOTALS,
    SHOWN_EVERYWHERE = SHOWN_IN_JSON | CNN_IN_TABLE | CNN_IN_BATCH
};

/* In the order of columns and keys. */
const cnn_quantity cnn_quantities[] = {
    {.name = "layers",
     .title = "layers",
     .noun = "layers",
     .brief = "how many layers there are",
     .shown = CNN_IN_TOTALS,
     .total = total_layers},
    {.name = "input",
     .words = "in",
     .title = "input",
     .noun = "input",
     .brief = "what enters: channels x height x width",
     .kind = CNN_QUANTITY_SIZE,
     .shown = CNN_IN_JSON,
     .sizes = true,
     .size = input_of},
    {.name = "output",
     .words = "out size shape",
     .title = "output",
     .noun = "output",
     .brief = "what comes out",
     .kind = CNN_QUANTITY_SIZE,
     .shown = SHOWN_EVERYWHERE,
     .sizes = true,
     .size = output_of,
     .steps = SIZE_STEPS,
     .conventions =
         {{.sentence = "W, H, C: width, height and channels of what enters; k kernel, s stride, p "
                       "padding at each\n"
                       "side, d dilation; N filters or units; O a side of the output.",
           .axes = 1u << 0 | 1u << 2},
          {.sentence = "W, C: length and channels of what enters; k kernel, s stride, p padding at "
                       "each end,\n"
                       "d dilation; N filters or units; O the length of the output.",
           .axes = 1u << 1},
          {.sentence = "W, H, D, C: width, height, depth and channels of what enters; k kernel, s "
                       "stride, p padding\n"
                       "at each side, d dilation; N filters or units; O a side of the output.",
           .axes = 1u << 3}}},
    {.name = "params",
     .share = SHARE("params"),
     .words = "param parameters parameter",
     .title = "params",
     .noun = "parameters",
     .brief = "trained parameters: weights + biases",
     .shown = SHOWN_EVERYWHERE,
     .count = params_of,
     .total = total_params,
     .from = "weights biases",
     .steps = CNN_STEP_BIT(FEATURES) | CNN_STEP_BIT(TAPS),
     .conventions =
         {{.sentence = "Biases count as parameters: one for each filter or unit.",
           .when = "biases"},
          {.sentence = "A batch norm has 2C parameters, a scale and a shift for each channel; its "
                       "means and\n"
                       "variances are not trained and not counted.",
           .when = "statistics"}}},
    {.name = "trained",
     .share = SHARE("trained"),
     .words = "trainable",
     .title = "trained",
     .noun = "trained parameters",
     .brief = "parameters that are trained: those of frozen layers are not",
     .shown = CNN_IN_TABLE | SHOWN_IN_JSON | CNN_IF_FROZEN,
     .count = trained_of,
     .total = total_trained,
     .from = "params",
     .steps = CNN_STEP_BIT(FEATURES) | CNN_STEP_BIT(TAPS)},
    {.name = "frozen",
     .share = SHARE("frozen"),
     .words = "nontrainable",
     .title = "frozen",
     .noun = "frozen parameters",
     .brief = "parameters of frozen layers",
     .shown = CNN_IN_TABLE | SHOWN_IN_JSON | CNN_IF_FROZEN,
     .count = frozen_of,
     .total = total_frozen,
     .from = "params",
     .steps = CNN_STEP_BIT(FEATURES) | CNN_STEP_BIT(TAPS)},
    {.name = "params_without_aux",
     .title = "params without aux",
     .noun = "parameters without auxiliary heads",
     .brief = "parameters without auxiliary heads",
     .shown = CNN_IN_TOTALS,
     .total = total_params_without_aux},
    {.name = "weights",
     .share = SHARE("weights"),
     .words = "weight",
     .title = "weights",
     .noun = "weights",
     .brief = "weights; factors of norms and PReLU among them",
     .shown = SHOWN_IN_JSON,
     .count = weights_of,
     .total = total_weights,
     .steps = CNN_STEP_BIT(WEIGHTS) | CNN_STEP_BIT(TAPS)},
    {.name = "biases",
     .share = SHARE("biases"),
     .words = "bias",
     .title = "biases",
     .noun = "biases",
     .brief = "biases; shifts of norms among them",
     .shown = SHOWN_IN_JSON,
     .count = biases_of,
     .total = total_biases,
     .steps = CNN_STEP_BIT(BIASES) | CNN_STEP_BIT(TAPS)},
    {.name = "statistics",
     .share = SHARE("statistics"),
     .words = "stats",
     .title = "statistics",
     .noun = "statistics",
     .brief = "means and variances of batch norms, which are not trained",
     .shown = SHOWN_IN_JSON,
     .count = statistics_of,
     .total = total_statistics,
     .steps = CNN_STEP_BIT(STATISTICS)},
    {.name = "statistics_without_aux",
     .title = "statistics without aux",
     .noun = "statistics without auxiliary heads",
     .brief = "statistics without auxiliary heads",
     .shown = CNN_IN_TOTALS,
     .total = total_statistics_without_aux},
    {.name = "macs",
     .share = SHARE("macs"),
     .words = "mac madds multadds",
     .title = "MACs",
     .noun = "MACs",
     .brief = "multiply-accumulates: one per use of a weight; none for biases, norms, pooling",
     .shown = SHOWN_EVERYWHERE,
     .work = true,
     .count = macs_of,
     .total = total_macs,
     .steps = CNN_STEP_BIT(MACS) | CNN_STEP_BIT(ROWS) | CNN_STEP_BIT(PLACES),
     .conventions =
         {{.sentence = "A MAC is one use of a weight; biases, norms, pooling and functions count "
                       "none. FLOPs are\n"
                       "twice the MACs. Ho, Wo: height and width of the output.",
           .when = "macs",
           .axes = 1u << 0 | 1u << 2},
          {.sentence = "A MAC is one use of a weight; biases, norms, pooling and functions count "
                       "none. FLOPs are\n"
                       "twice the MACs. Wo: length of the output.",
           .when = "macs",
           .axes = 1u << 1},
          {.sentence = "A MAC is one use of a weight; biases, norms, pooling and functions count "
                       "none. FLOPs are\n"
                       "twice the MACs. Do, Ho, Wo: depth, height and width of the output.",
           .when = "macs",
           .axes = 1u << 3}}},
    {.name = "flops",
     .share = SHARE("flops"),
     .words = "flop",
     .title = "FLOPs",
     .noun = "FLOPs",
     .brief = "floating-point operations: 2 x MACs",
     .shown = CNN_IN_TOTALS,
     .work = true,
     .count = flops_of,
     .total = total_flops,
     .from = "macs",
     .factor = 2,
     .steps = CNN_STEP_BIT(FLOPS)},
    {.name = "rf",
     .words = "field receptive-field",
     .title = "rf",
     .noun = "receptive field",
     .brief = "receptive field: pixels of the input that one position sees",
     .kind = CNN_QUANTITY_PAIR,
     .needs = CNN_NEEDS_FIELDS,
     .pair = field_of,
     .steps = CNN_STEP_BIT(FIELD) | CNN_STEP_BIT(JUMP),
     .conventions =
         {{.sentence = "The receptive field r grows by e - 1 jumps, where e is how many positions "
                       "of the layer\n"
                       "before it are seen; the jump j is the number of pixels from one position "
                       "to the next."}}},
    {.name = "jump",
     .title = "jump",
     .noun = "jump",
     .brief = "pixels from one position's field to the next one's",
     .kind = CNN_QUANTITY_PAIR,
     .needs = CNN_NEEDS_FIELDS,
     .pair = jump_of,
     .steps = CNN_STEP_BIT(JUMP)},
    {.name = "start",
     .title = "start",
     .noun = "start",
     .brief = "middle of the first field; the first pixel's middle is 0.5",
     .kind = CNN_QUANTITY_PAIR,
     .needs = CNN_NEEDS_FIELDS,
     .pair = start_of,
     .steps = CNN_STEP_BIT(START),
     .conventions =
         {{.sentence =
               "x: the middle of the first position's field, where the first pixel's middle "
               "is 0.5;\n"
               "o: how far the middle of the first window lies after the first position."}}},
    {.name = "activations",
     .share = SHARE("activations"),
     .words = "values",
     .title = "activations",
     .noun = "activations",
     .whole = "the number of values",
     .brief = "values that are added; 0 for functions that work in place; total with input",
     .shown = CNN_IN_TOTALS,
     .needs = CNN_NEEDS_MEMORY,
     .with_input = true,
     .sizes = true,
     .count = activations_of,
     .conventions =
         {{.sentence = "Functions work in place, unless their input is read later, and then add no "
                       "values; the\n"
                       "input counts."}}},
    {.name = "memory",
     .share = SHARE("memory"),
     .words = "bytes",
     .title = "bytes",
     .noun = "bytes of the activations",
     .whole = "the memory of the activations",
     .brief = "bytes of the activations: values x bytes of the data type x samples",
     .bytes = true,
     .shown = CNN_IN_TOTALS,
     .needs = CNN_NEEDS_MEMORY,
     .with_input = true,
     .sizes = true,
     .scaled = true,
     .count = memory_of,
     .from = "activations",
     .conventions =
         {{.sentence = "v values, n samples, b bytes of a value. Functions work in place, unless "
                       "their input is\n"
                       "read later, and then add no values; the input counts."}}},
    {.name = "params_memory",
     .title = "bytes of params",
     .noun = "bytes of the parameters",
     .brief = "bytes of the parameters: parameters x bytes of the data type",
     .bytes = true,
     .shown = CNN_IN_TOTALS,
     .scaled = true,
     .network = params_memory},
    {.name = "peak",
     .title = "peak",
     .noun = "values alive at once",
     .brief = "values alive at once when each is dropped after its last use",
     .shown = CNN_IN_TOTALS,
     .needs = CNN_NEEDS_MEMORY,
     .sizes = true,
     .network = peak},
    {.name = "peak_memory",
     .title = "peak bytes",
     .noun = "bytes alive at once",
     .brief = "bytes alive at once: peak x bytes of the data type x samples",
     .bytes = true,
     .shown = CNN_IN_TOTALS,
     .needs = CNN_NEEDS_MEMORY,
     .sizes = true,
     .scaled = true,
     .network = peak_memory},
    {.name = "flash",
     .share = SHARE("flash"),
     .title = "flash",
     .noun = "bytes of a deployed network",
     .brief =
         "bytes of a deployed network's parameters and statistics; --fold and --dtype i8 for chips",
     .scaled = true,
     .bytes = true,
     .count = flash_of,
     .conventions = {{.sentence = "w weights of b bits, f biases and m statistics of c bytes."}}},
    {.name = "file",
     .share = SHARE("file"),
     .title = "file",
     .noun = "bytes of the tensors of a saved file",
     .brief = "bytes of the tensors of a saved file, as PyTorch counts them",
     .scaled = true,
     .bytes = true,
     .by_layer = true,
     .count = file_of,
     .conventions = {{.sentence = "w weights of b bits, f biases and m statistics of c bytes; a "
                                  "batch norm also counts its\n"
                                  "batches: n counter of k bytes."}}},
    {.name = "ram",
     .title = "ram",
     .noun = "bytes of one block for all activations",
     .brief =
         "bytes of one block for all activations, placed largest first, branches in the best order",
     .scaled = true,
     .bytes = true,
     .needs = CNN_NEEDS_RAM,
     .sizes = true,
     .network = ram},
    {.name = "ram_bound",
     .title = "ram bound",
     .noun = "bytes alive at once in the best order of branches",
     .brief = "bytes alive at once in that order: no block is smaller",
     .scaled = true,
     .bytes = true,
     .needs = CNN_NEEDS_RAM,
     .sizes = true,
     .network = ram_bound},
    {.name = "backward",
     .share = SHARE("backward"),
     .title = "backward",
     .noun = "MACs of the backward pass",
     .brief = "MACs of the backward pass: for the weights, and for the input if something before "
              "is trained",
     .needs = CNN_NEEDS_KEPT,
     .work = true,
     .count = backward_of,
     .conventions = {{.sentence = "M MACs of the forward pass, n gradients that take as many."}}},
    {.name = "recompute",
     .share = SHARE("recompute"),
     .title = "recompute",
     .noun = "MACs computed again",
     .brief = "MACs that --checkpoint computes again in the backward pass",
     .needs = CNN_NEEDS_KEPT,
     .sizes = true,
     .work = true,
     .count = recompute_of,
     .conventions = {{.sentence = "M MACs of the forward pass."}}},
    {.name = "kept",
     .share = SHARE("kept"),
     .title = "kept",
     .noun = "bytes kept for the backward pass",
     .brief = "bytes kept for the backward pass, by the first layer that needs them",
     .bytes = true,
     .needs = CNN_NEEDS_KEPT,
     .sizes = true,
     .scaled = true,
     .count = kept_of,
     .network = kept,
     .conventions =
         {{.sentence = "v values, n samples, b bytes of a value. What several layers need is kept "
                       "once, by the first\n"
                       "of them; what is computed from nothing that is trained is not kept."}}},
    {.name = "train_params",
     .title = "train params",
     .noun = "bytes of the parameters in training",
     .brief = "bytes of the parameters, without auxiliary heads",
     .scaled = true,
     .bytes = true,
     .network = train_params},
    {.name = "gradients",
     .title = "gradients",
     .noun = "bytes of the gradients",
     .brief = "bytes of the gradients of all parameters that are trained",
     .needs = CNN_NEEDS_TRAINED,
     .scaled = true,
     .bytes = true,
     .network = gradients},
    {.name = "optimizer",
     .title = "optimizer",
     .noun = "bytes of the optimizer's state",
     .brief = "bytes of the state of the optimizer",
     .needs = CNN_NEEDS_TRAINED,
     .scaled = true,
     .bytes = true,
     .network = optimizer},
    {.name = "train",
     .words = "training",
     .title = "train",
     .noun = "bytes for training",
     .brief = "bytes for training: parameters, gradients, the optimizer's state and what is kept",
     .bytes = true,
     .needs = CNN_NEEDS_KEPT,
     .scaled = true,
     .network = train},
    {.name = "train_peak",
     .title = "train peak",
     .noun = "bytes alive at once in the backward pass",
     .brief = "kept values and gradients alive at once in the backward pass: a lower bound, "
              "without workspaces",
     .bytes = true,
     .needs = CNN_NEEDS_KEPT | CNN_NEEDS_TRAIN_PEAK,
     .sizes = true,
     .scaled = true,
     .network = train_peak},
};

const size_t cnn_quantity_count = CNN_LENGTH(cnn_quantities);

/* ---- finding rows ---- */

const cnn_quantity *cnn_quantity_find(cnn_text name)
{
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        if (cnn_text_is(name, cnn_quantities[i].name) ||
            cnn_text_among(name, cnn_quantities[i].words)) {
            return &cnn_quantities[i];
        }
    }
    return NULL;
}

const cnn_quantity *cnn_quantity_named(const char *name)
{
    const cnn_quantity *found = cnn_quantity_find(cnn_text_of(name));
    assert(found != NULL);
    return found;
}

bool cnn_quantity_uses(const cnn_quantity *what, const cnn_quantity *other)
{
    return cnn_text_among(cnn_text_of(other->name), what->from);
}

bool cnn_quantity_before(const cnn_quantity *a, const cnn_quantity *b)
{
    return cnn_quantity_uses(b, a) || (a < b && !cnn_quantity_uses(a, b));
}
